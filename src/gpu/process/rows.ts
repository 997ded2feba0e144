/** Series of the largest processes on a GPU, one by one, and of the rest together. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { GPU_PROCESS } from '../../catalog/gpu/process.ts';
import { RESHAPE, type Reading, type Slots } from '../reading.ts';
import { NO_PROCESS, type ProcessIdentities, type ProcessLabels } from './identity.ts';
import type { GpuProcess, ProcessActivity, ProcessList } from './list.ts';
import { ProcessTop } from './top.ts';

/** Series of one process, or of the rest. */
interface Row {
  readonly memory: number;
  /** Empty where the driver tells no utilisation. */
  readonly busy: readonly number[];
}

export class ProcessRows implements Reading {
  readonly #facts: GpuFacts;
  readonly #list: ProcessList;
  readonly #identities: ProcessIdentities;
  readonly #activity: ProcessActivity;
  readonly #top: ProcessTop;
  /** Those with series, as of the last poll and as declared. */
  #chosen: GpuProcess[] = [];
  #declared: readonly GpuProcess[] = [];
  #rows: Row[] = [];
  #rest: GpuProcess[] = [];
  /** Of the scan that they were chosen from. */
  #version = -1;
  #restRow: Row | undefined;
  #busy = false;
  /** Whether the last poll has not been written yet. */
  #pending = false;
  #rc = 0;

  /** `top`: most processes with series of their own. */
  constructor(
    facts: GpuFacts,
    list: ProcessList,
    activity: ProcessActivity,
    identities: ProcessIdentities,
    top: number,
  ) {
    this.#facts = facts;
    this.#list = list;
    this.#activity = activity;
    this.#identities = identities;
    this.#top = new ProcessTop(top);
  }

  declare(slots: Slots): void {
    this.#list.rediscover();
    if (!this.#pending) this.#poll();
    this.#pending = true;
    this.#busy = this.#activity.known;
    this.#declared = this.#chosen.slice();
    this.#rows = this.#declared.map(({ pid, facts }) =>
      this.#row(slots, facts, this.#identities.of(pid)),
    );
    this.#restRow = this.#rest.length === 0 ? undefined : this.#row(slots, this.#facts, NO_PROCESS);
  }

  sample(values: Float64Array): number {
    if (!this.#pending) {
      this.#poll();
      if (this.#rc === 0 && this.#reshaped()) {
        this.#pending = true;
        return RESHAPE;
      }
    }
    this.#pending = false;
    if (this.#rc !== 0) return this.#rc;
    for (let i = 0; i < this.#rows.length; i++) {
      this.#write(values, this.#rows[i] as Row, this.#chosen, i, i + 1);
    }
    if (this.#restRow !== undefined) {
      this.#write(values, this.#restRow, this.#rest, 0, this.#rest.length);
    }
    return 0;
  }

  #poll(): void {
    this.#rc = this.#list.take(this) || this.#activity.take(this);
    if (this.#rc !== 0) return;
    const { version, processes } = this.#list;
    // While all have a place, who is largest does not matter.
    if (version === this.#version && this.#rest.length === 0) return;
    const all = [...processes.values()];
    this.#top.choose(all);
    this.#chosen = all.filter(({ key }) => this.#top.has(key)).sort((a, b) => a.key - b.key);
    this.#rest = all.filter(({ key }) => !this.#top.has(key));
    if (version === this.#version) return;
    this.#version = version;
    const pids = new Set(all.map(({ pid }) => pid));
    this.#identities.keep((pid) => pids.has(pid));
  }

  #reshaped(): boolean {
    return (
      this.#busy !== this.#activity.known ||
      (this.#restRow !== undefined) !== this.#rest.length > 0 ||
      this.#chosen.length !== this.#declared.length ||
      this.#chosen.some((process, i) => process !== this.#declared[i])
    );
  }

  #row(slots: Slots, facts: GpuFacts, process: ProcessLabels): Row {
    const labels = { ...facts, ...process };
    return {
      memory: slots.slot(GPU_PROCESS.memory, labels),
      busy: this.#busy
        ? this.#activity.columns.map(({ signal }) => slots.slot(signal, labels))
        : [],
    };
  }

  /** Writes the sum over some of `processes`, which are all of those of a row. */
  #write(
    values: Float64Array,
    row: Row,
    processes: readonly GpuProcess[],
    from: number,
    to: number,
  ): void {
    let memory = 0;
    for (let i = from; i < to; i++) memory += (processes[i] as GpuProcess).memory;
    values[row.memory] = memory;
    const { columns } = this.#activity;
    for (let column = 0; column < row.busy.length; column++) {
      let busy = 0;
      for (let i = from; i < to; i++) {
        busy += this.#activity.of((processes[i] as GpuProcess).pid, column);
      }
      values[row.busy[column] as number] = busy / (columns[column]?.parts ?? 1);
    }
  }
}
