/** XID errors by GPU and number: counted from when the probe first looked, and when each was seen last. */

import { GPU_XID } from '../../catalog/gpu/events.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { Slots } from './group.ts';

/** An error as a former probe counted it. */
export interface XidError {
  readonly facts: GpuFacts;
  readonly xid: number;
  readonly count: number;
  /** Unix seconds of the last one. */
  readonly time: number;
}

interface Seen {
  count: number;
  /** Unix seconds. */
  time: number;
  /** Slots of both, once declared. */
  slots: readonly [count: number, time: number] | undefined;
}

/** XID errors of one GPU. They outlive its loss, which they may be the reason of. */
export class XidCounts {
  /** As of the last discovery that made them. */
  facts: GpuFacts;
  readonly #seen = new Map<number, Seen>();
  #last = 0;
  #lastSlot: number | undefined;

  constructor(facts: GpuFacts) {
    this.facts = facts;
  }

  /** Whether there was any. */
  get some(): boolean {
    return this.#seen.size > 0;
  }

  /** Goes on from what was counted before. */
  resume({ xid, count, time }: XidError): void {
    const newest = [...this.#seen.values()].every((seen) => seen.time <= time);
    if (newest) this.#last = xid;
    this.#seen.set(xid, { count, time, slots: undefined });
  }

  /** Unix seconds of the last error with this number; NaN where there was none. */
  lastOf(xid: number): number {
    return this.#seen.get(xid)?.time ?? Number.NaN;
  }

  /** Takes in an error. Answers whether its number is new, so that it has no series yet. */
  count(xid: number, time: number): boolean {
    this.#last = xid;
    const seen = this.#seen.get(xid);
    if (seen === undefined) {
      this.#seen.set(xid, { count: 1, time, slots: undefined });
      return true;
    }
    seen.count++;
    seen.time = time;
    return seen.slots === undefined;
  }

  /** `listening`: whether the driver would tell of another. */
  declare(slots: Slots, listening: boolean): void {
    const { facts } = this;
    for (const [xid, seen] of this.#seen) {
      const labels = { ...facts, xid: String(xid) };
      seen.slots = [slots.slot(GPU_XID.errors, labels), slots.slot(GPU_XID.lastSeen, labels)];
    }
    const known = listening || this.#last !== 0;
    this.#lastSlot = known ? slots.slot(GPU_XID.last, facts) : undefined;
  }

  write(values: Float64Array): void {
    for (const { count, time, slots } of this.#seen.values()) {
      if (slots === undefined) continue;
      values[slots[0]] = count;
      values[slots[1]] = time;
    }
    if (this.#lastSlot !== undefined) values[this.#lastSlot] = this.#last;
  }
}
