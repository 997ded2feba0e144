/**
 * Delays that double from the first to the last. Where `soon` is said they stop there for a minute on the
 * way: trouble that passes is noticed at once to have passed, trouble that stays is not paid for all day.
 */

/** Milliseconds that the delays up to `soon` come to, all together. */
const WHILE = 60_000;

export interface Delays {
  readonly first: number;
  readonly soon?: number;
  readonly last: number;
}

export class Backoff {
  readonly #delays: Delays;
  #next: number;
  /** All delays since the first one. */
  #total = 0;

  constructor(delays: Delays) {
    this.#delays = delays;
    this.#next = delays.first;
  }

  next(): number {
    const { soon, last } = this.#delays;
    const delay = this.#next;
    this.#total += delay;
    const most = soon !== undefined && this.#total < WHILE ? soon : last;
    this.#next = Math.min(delay * 2, most);
    return delay;
  }

  reset(): void {
    this.#next = this.#delays.first;
    this.#total = 0;
  }
}
