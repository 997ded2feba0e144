/** Byte counters of 64 bits as they go on the board: never going back, with the rate over the last poll. */

/** Shortest time that a rate is made of, milliseconds: two readings closer together belong to one poll. */
const SHORTEST = 10;

export class ByteCounter {
  #total = Number.NaN;
  #rate = Number.NaN;
  #raw = Number.NaN;
  #at = Number.NaN;
  /** What the driver's counter has lost by beginning anew. */
  #lost = 0;

  /** Bytes since the driver began to count; NaN where it did not say at the last reading. */
  get total(): number {
    return this.#total;
  }

  /** Bytes per second between the last two readings; NaN where they do not tell. */
  get rate(): number {
    return this.#rate;
  }

  /** Takes a reading of the driver's counter at a time in milliseconds; NaN where there is none. */
  add(raw: number, now: number): void {
    if (Number.isNaN(raw)) {
      this.#total = Number.NaN;
      this.#rate = Number.NaN;
      this.#at = Number.NaN;
      return;
    }
    if (now - this.#at < SHORTEST) return;
    const delta = raw - this.#raw;
    // One of several links that it sums up began anew: how much went over the others meanwhile is not known.
    if (delta < 0) this.#lost -= delta;
    this.#rate = delta < 0 ? Number.NaN : delta / ((now - this.#at) / 1000);
    this.#total = raw + this.#lost;
    this.#raw = raw;
    this.#at = now;
  }
}
