/** Every process on a GPU in series that nobody prints: for those who join them with what they serve. */
import { GPU_HOLDER } from '../../catalog/gpu/process.ts';
import { RESHAPE, type Reading, type Slots } from '../reading.ts';
import type { GpuProcess, ProcessActivity, ProcessList } from './list.ts';

/** Processes per GPU; no machine serves models with more. */
const MOST = 256;
/** The first column of an activity is what the processors of the GPU do. */
const PROCESSORS = 0;

export class ProcessHolders implements Reading {
  readonly #list: ProcessList;
  readonly #activity: ProcessActivity;
  #version = -1;
  #processes: readonly GpuProcess[] = [];
  /** Pairs of slots: memory, use. */
  #slots: number[] = [];

  constructor(list: ProcessList, activity: ProcessActivity) {
    this.#list = list;
    this.#activity = activity;
  }

  declare(slots: Slots): void {
    this.#version = this.#list.version;
    this.#processes = [...this.#list.processes.values()].slice(0, MOST);
    this.#slots = this.#processes.flatMap(({ pid, facts }) => {
      const labels = { ...facts, pid: String(pid) };
      return [slots.slot(GPU_HOLDER.memory, labels), slots.slot(GPU_HOLDER.busy, labels)];
    });
  }

  sample(values: Float64Array): number {
    const rc = this.#list.take(this);
    if (rc !== 0) return rc;
    if (this.#list.version !== this.#version) return RESHAPE;
    if (this.#processes.length === 0) return 0;
    const activity = this.#activity.take(this);
    if (activity !== 0) return activity;
    for (let i = 0; i < this.#processes.length; i++) {
      const { memory, pid } = this.#processes[i] as GpuProcess;
      values[this.#slots[2 * i] as number] = memory;
      values[this.#slots[2 * i + 1] as number] = this.#activity.of(pid, PROCESSORS);
    }
    return 0;
  }
}
