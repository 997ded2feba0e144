/** How many processes there are on a GPU, and what memory they have together. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { GPU_PROCESSES } from '../../catalog/gpu/process.ts';
import type { Reading, Slots } from '../reading.ts';
import type { GpuProcess, ProcessList } from './list.ts';

export class ProcessTotals implements Reading {
  readonly #facts: GpuFacts;
  readonly #list: ProcessList;
  #counts: number[] = [];
  #memory = 0;
  #sum = 0;

  constructor(facts: GpuFacts, list: ProcessList) {
    this.#facts = facts;
    this.#list = list;
  }

  declare(slots: Slots): void {
    const facts = this.#facts;
    this.#list.rediscover();
    this.#counts = this.#list.kinds.map((kind) =>
      slots.slot(GPU_PROCESSES.count, { ...facts, kind }),
    );
    this.#memory = slots.slot(GPU_PROCESSES.memory, facts);
  }

  sample(values: Float64Array): number {
    const rc = this.#list.take(this);
    if (rc !== 0) return rc;
    let known = false;
    for (let kind = 0; kind < this.#counts.length; kind++) {
      const count = this.#list.count(kind);
      values[this.#counts[kind] as number] = count;
      known ||= !Number.isNaN(count);
    }
    this.#sum = known && this.#list.partial !== true ? 0 : Number.NaN;
    this.#list.processes.forEach(this.#add);
    values[this.#memory] = this.#sum;
    return 0;
  }

  /** One whose memory is not known makes the sum unknown. */
  readonly #add = (process: GpuProcess): void => {
    this.#sum += process.memory;
  };
}
