/** One GPU that answers: its readings, and when each is due. */
import { type Gpu, type Group, RESHAPE, type Reading, type Slots } from './group.ts';
import { infoReading } from './info.ts';
import { isGone } from './policy.ts';

interface Entry {
  readonly reading: Reading;
  /** Milliseconds between two samples. */
  readonly period: number;
  /** Milliseconds by which the second sample comes early, so that what is slow is not all asked in one poll. */
  readonly lead: number;
  /** Monotonic milliseconds of the last sample. */
  sampledAt: number;
}

export class Device {
  readonly gpu: Gpu;
  readonly #entries: readonly Entry[];
  #slots: number[] = [];
  #declared = false;

  /** `interval`: milliseconds between two polls while somebody scrapes. */
  constructor(gpu: Gpu, groups: readonly Group[], interval: number) {
    this.gpu = gpu;
    const entries: Entry[] = [];
    const add = (reading: Reading, every: number) =>
      entries.push({
        reading,
        // A poll that comes a little early must not skip what was due.
        period: (every - 0.5) * interval,
        lead: ((gpu.index + entries.length) % every) * interval,
        sampledAt: Number.NEGATIVE_INFINITY,
      });
    add(infoReading(gpu), 1);
    for (const group of groups) {
      const reading = group.attach(gpu);
      if (reading !== undefined) add(reading, group.every);
    }
    this.#entries = entries;
  }

  get declared(): boolean {
    return this.#declared;
  }

  declare(slots: Slots): void {
    this.#declared = true;
    this.#slots = [];
    const noted: Slots = {
      slot: (...declared) => {
        const slot = slots.slot(...declared);
        this.#slots.push(slot);
        return slot;
      },
    };
    for (const { reading } of this.#entries) reading.declare(noted);
  }

  /** Samples what is due. Answers 0, RESHAPE, or the code that says that the GPU or the driver is gone. */
  sample(values: Float64Array, now: number): number {
    let answer = 0;
    for (const entry of this.#entries) {
      if (now - entry.sampledAt < entry.period) continue;
      const first = entry.sampledAt === Number.NEGATIVE_INFINITY;
      entry.sampledAt = first ? now - entry.lead : now;
      const rc = entry.reading.sample(values);
      if (isGone(rc)) return rc;
      if (rc === RESHAPE) {
        entry.sampledAt = Number.NEGATIVE_INFINITY;
        answer = RESHAPE;
      }
    }
    return answer;
  }

  /** Nothing of it is known any more. */
  blank(values: Float64Array): void {
    for (const slot of this.#slots) values[slot] = Number.NaN;
  }

  close(): void {
    for (const { reading } of this.#entries) reading.close?.();
  }
}
