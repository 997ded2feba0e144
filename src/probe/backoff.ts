/** Delays that double from the first to the last. */
export class Backoff {
  readonly #first: number;
  readonly #last: number;
  #next: number;

  constructor(first: number, last: number) {
    this.#first = first;
    this.#last = last;
    this.#next = first;
  }

  next(): number {
    const delay = this.#next;
    this.#next = Math.min(delay * 2, this.#last);
    return delay;
  }

  reset(): void {
    this.#next = this.#first;
  }
}
