/** A bucket of tokens: `burst` requests at once, then one more with each interval. */

export class RateLimit {
  readonly #interval: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** `interval` and `now` are milliseconds, of any clock that only goes forward. */
  constructor(interval: number, burst: number, now: number) {
    this.#interval = interval;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Whether a request may pass now; it has used up a token then. */
  pass(now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) / this.#interval);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whole seconds until the next token is there, at least one: what Retry-After says. */
  get wait(): number {
    return Math.max(1, Math.ceil(((1 - this.#tokens) * this.#interval) / 1000));
  }
}
