/** A byte counter that may have 32 bits, which a fast link fills several times between two polls. */

export const WRAP = 2 ** 32;
/** How far another measurement may be off: by half a wrap it would tell nothing. */
const TOLERANCE = WRAP / 4;
/** Measurements in a row that are further off, after which the two are known to be of different things. */
const PATIENCE = 3;

export class WrappingCounter {
  #total = Number.NaN;
  #raw = Number.NaN;
  /** Whether it was seen to have more than 32 bits. What the driver says of its type is no proof. */
  #wide = false;
  #doubts = 0;
  #known = false;

  /** Bytes since the driver began to count, as far as it says; NaN while it is not sure how often it wrapped. */
  get total(): number {
    return this.#known && this.#doubts < PATIENCE ? this.#total : Number.NaN;
  }

  /**
   * Takes a reading, or NaN where there is none, and what went over since the last one by another
   * measurement, which tells how often the counter wrapped. What that does not know is not counted.
   */
  add(raw: number, expected: number): void {
    this.#known = false;
    if (raw >= WRAP) this.#wide = true;
    const before = this.#raw;
    this.#raw = raw;
    if (Number.isNaN(raw)) return;
    if (Number.isNaN(this.#total)) {
      this.#total = raw;
      this.#known = true;
      return;
    }
    const delta = this.#wide ? Math.max(0, raw - before) : this.#unwrapped(raw - before, expected);
    if (Number.isNaN(delta)) return;
    this.#total += delta;
    this.#known = this.#doubts === 0;
  }

  #unwrapped(difference: number, expected: number): number {
    const once = difference < 0 ? difference + WRAP : difference;
    const delta = once + Math.max(0, Math.round((expected - once) / WRAP)) * WRAP;
    if (Number.isNaN(delta)) return delta;
    if (Math.abs(expected - delta) > TOLERANCE) this.#doubts++;
    else if (this.#doubts < PATIENCE) this.#doubts = 0;
    return delta;
  }
}
