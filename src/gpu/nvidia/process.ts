/** Processes on a GPU: how many there are, what they have together, and what each of the largest has. */
import type { Paths } from '../../board/paths.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { GPU_PROCESS, GPU_PROCESSES } from '../../catalog/gpu/process.ts';
import type { Signal } from '../../catalog/signal.ts';
import { type Gpu, type Group, RESHAPE, type Reading, type Slots } from './group.ts';
import { activityOf, ENGINES, type ProcessActivity } from './process-activity.ts';
import { NO_PROCESS, ProcessIdentities, type ProcessLabels } from './process-identity.ts';
import { type GpuProcess, MODES, type ProcessScan, scanOf } from './process-scan.ts';
import { ProcessTop } from './process-top.ts';

export interface ProcessOptions {
  /** Most processes per GPU with series of their own. */
  readonly top: number;
  /** Say whose a process is. */
  readonly user: boolean;
}

/** Number and memory of all. */
export const processes: Group = {
  name: 'processes',
  every: 1,
  attach: (gpu) => new Totals(gpu),
};

/** The largest, one by one. */
export function perProcess(
  paths: Pick<Paths, 'procfs' | 'rootfs'>,
  options: ProcessOptions,
): Group {
  return {
    name: 'per_process',
    every: 1,
    attach: (gpu) => new PerProcess(gpu, new ProcessIdentities(paths, options.user), options.top),
  };
}

class Totals implements Reading {
  readonly #gpu: Gpu;
  readonly #scan: ProcessScan;
  #counts: number[] = [];
  #memory = 0;
  #sum = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#scan = scanOf(gpu);
  }

  declare(slots: Slots): void {
    const { facts } = this.#gpu;
    this.#scan.rediscover();
    this.#counts = MODES.map((kind) => slots.slot(GPU_PROCESSES.count, { ...facts, kind }));
    this.#memory = slots.slot(GPU_PROCESSES.memory, facts);
  }

  sample(values: Float64Array): number {
    const rc = this.#scan.take(this);
    if (rc !== 0) return rc;
    let known = false;
    for (let mode = 0; mode < MODES.length; mode++) {
      const count = this.#scan.count(mode);
      values[this.#counts[mode] as number] = count;
      known ||= !Number.isNaN(count);
    }
    this.#sum = known ? 0 : Number.NaN;
    this.#scan.processes.forEach(this.#add);
    values[this.#memory] = this.#sum;
    return 0;
  }

  /** One whose memory is not known makes the sum unknown. */
  readonly #add = (process: GpuProcess): void => {
    this.#sum += process.memory;
  };
}

/** In the order of the engines of ProcessActivity. Memory is not among them. */
const BUSY: readonly Signal[] = [
  GPU_PROCESS.sm,
  GPU_PROCESS.memoryUtilization,
  GPU_PROCESS.encoder,
  GPU_PROCESS.decoder,
  GPU_PROCESS.jpeg,
  GPU_PROCESS.ofa,
];

/** Series of one process, or of the rest. */
interface Row {
  readonly memory: number;
  /** Empty where the driver tells no utilisation. */
  readonly busy: readonly number[];
}

class PerProcess implements Reading {
  readonly #gpu: Gpu;
  readonly #scan: ProcessScan;
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

  constructor(gpu: Gpu, identities: ProcessIdentities, top: number) {
    this.#gpu = gpu;
    this.#scan = scanOf(gpu);
    this.#identities = identities;
    this.#activity = activityOf(gpu);
    this.#top = new ProcessTop(top);
  }

  declare(slots: Slots): void {
    this.#scan.rediscover();
    if (!this.#pending) this.#poll();
    this.#pending = true;
    this.#busy = this.#activity.known;
    this.#declared = this.#chosen.slice();
    this.#rows = this.#declared.map(({ pid, facts }) =>
      this.#row(slots, facts, this.#identities.of(pid)),
    );
    this.#restRow =
      this.#rest.length === 0 ? undefined : this.#row(slots, this.#gpu.facts, NO_PROCESS);
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
    this.#rc = this.#scan.take(this) || this.#activity.take(this);
    if (this.#rc !== 0) return;
    const { version, processes } = this.#scan;
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
      busy: this.#busy ? BUSY.map((signal) => slots.slot(signal, labels)) : [],
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
    for (let engine = 0; engine < ENGINES && row.busy.length > 0; engine++) {
      let busy = 0;
      for (let i = from; i < to; i++) {
        busy += this.#activity.of((processes[i] as GpuProcess).pid, engine);
      }
      // The first is in per cent, as other tools have it; the others are ratios.
      values[row.busy[engine] as number] = engine === 0 ? busy : busy / 100;
    }
  }
}
