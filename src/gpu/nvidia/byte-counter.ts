/** Byte counters of the driver as they go on the board: never wrapping, with the rate over the last poll. */

/** The driver's counter may have 32 bits, which a fast link fills in a tenth of a second. */
const WRAP = 2 ** 32;

export class ByteCounter {
  #total = Number.NaN;
  /** Bytes per second. */
  #rate = Number.NaN;
  #raw = Number.NaN;
  #at = 0;
  /** Whether it has more than 32 bits, as said or seen. */
  #wide: boolean;

  constructor(wide = false) {
    this.#wide = wide;
  }

  /** Bytes since the driver began to count, as far as that is known. */
  get total(): number {
    return this.#total;
  }

  /** Bytes per second between the last two readings; NaN after the first. */
  get rate(): number {
    return this.#rate;
  }

  /**
   * Takes a reading of the driver's counter at a time in milliseconds; NaN makes total and rate unknown
   * until the next. `expected` is the rate by another measurement where there is one: it tells how often a
   * narrow counter wrapped. Without it, once at most.
   */
  add(raw: number, now: number, expected = Number.NaN): void {
    if (Number.isNaN(raw)) {
      this.#rate = Number.NaN;
      this.#total = Number.NaN;
      this.#raw = Number.NaN;
      return;
    }
    if (raw >= WRAP) this.#wide = true;
    if (Number.isNaN(this.#raw)) {
      this.#total = raw;
      this.#rate = Number.NaN;
    } else {
      const seconds = (now - this.#at) / 1000;
      const delta = this.#delta(raw, expected * seconds);
      this.#total += delta;
      this.#rate = seconds > 0 ? delta / seconds : Number.NaN;
    }
    this.#raw = raw;
    this.#at = now;
  }

  #delta(raw: number, expected: number): number {
    const delta = raw - this.#raw;
    // A wide one that went back began anew.
    if (this.#wide) return delta < 0 ? raw : delta;
    const once = delta < 0 ? delta + WRAP : delta;
    const wraps = Math.max(0, Math.round((expected - once) / WRAP));
    return once + (Number.isNaN(wraps) ? 0 : wraps * WRAP);
  }
}
