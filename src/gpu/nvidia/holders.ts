/** Every process on a GPU in series that nobody prints: for those who join them with what they serve. */
import { GPU_HOLDER } from '../../catalog/gpu/process.ts';
import { type Gpu, type Group, RESHAPE, type Reading, type Slots } from './group.ts';
import { activityOf, type ProcessActivity } from './process-activity.ts';
import { type GpuProcess, type ProcessScan, scanOf } from './process-scan.ts';

/** Processes per GPU; no machine serves models with more. */
const MOST = 256;
/** Place of the multiprocessors among the engines of an activity. */
const SM = 0;

export const holders: Group = {
  name: 'processes',
  every: 1,
  attach: (gpu) => new Holders(gpu),
};

class Holders implements Reading {
  readonly #scan: ProcessScan;
  readonly #activity: ProcessActivity;
  #version = -1;
  #processes: readonly GpuProcess[] = [];
  /** Pairs of slots: memory, use. */
  #slots: number[] = [];

  constructor(gpu: Gpu) {
    this.#scan = scanOf(gpu);
    this.#activity = activityOf(gpu);
  }

  declare(slots: Slots): void {
    this.#version = this.#scan.version;
    this.#processes = [...this.#scan.processes.values()].slice(0, MOST);
    this.#slots = this.#processes.flatMap(({ pid, facts }) => {
      const labels = { ...facts, pid: String(pid) };
      return [slots.slot(GPU_HOLDER.memory, labels), slots.slot(GPU_HOLDER.busy, labels)];
    });
  }

  sample(values: Float64Array): number {
    const rc = this.#scan.take(this);
    if (rc !== 0) return rc;
    if (this.#scan.version !== this.#version) return RESHAPE;
    if (this.#processes.length === 0) return 0;
    const activity = this.#activity.take(this);
    if (activity !== 0) return activity;
    for (let i = 0; i < this.#processes.length; i++) {
      const { memory, pid } = this.#processes[i] as GpuProcess;
      values[this.#slots[2 * i] as number] = memory;
      values[this.#slots[2 * i + 1] as number] = this.#activity.of(pid, SM);
    }
    return 0;
  }
}
