/**
 * The board: one array of doubles. A slot holds one number; NaN means "not known".
 * A block is the run of slots that one series owns.
 */

/** Seconds that a freed block rests before it is handed out again, so that no face compiled earlier reads a stranger's value. */
const QUARANTINE_SECONDS = 60;

/**
 * A sample whose value really is NaN (only a textfile can say so). The board's NaN means absent,
 * so such a value is kept as this double, which no kernel counter can reach.
 */
export const SAID_NAN = -Number.MAX_VALUE;

interface Resting {
  readonly slot: number;
  readonly size: number;
  readonly until: number;
}

export class Board {
  /** Replaced when it grows: sources read it from here at each sample. */
  values: Float64Array = new Float64Array(4096).fill(Number.NaN);
  #next = 0;
  #resting: Resting[] = [];

  /** Number of slots ever handed out. */
  get used(): number {
    return this.#next;
  }

  /** Hands out `size` neighbouring slots, all NaN. `now` in seconds. */
  allocate(size: number, now: number): number {
    const at = this.#resting.findIndex((r) => r.size === size && r.until <= now);
    if (at >= 0) {
      const [block] = this.#resting.splice(at, 1);
      return (block as Resting).slot;
    }
    const slot = this.#next;
    this.#next += size;
    if (this.#next > this.values.length) this.#grow(this.#next);
    return slot;
  }

  /** Takes a block back and makes it absent at once. */
  free(slot: number, size: number, now: number): void {
    this.values.fill(Number.NaN, slot, slot + size);
    this.#resting.push({ slot, size, until: now + QUARANTINE_SECONDS });
  }

  #grow(needed: number): void {
    let length = this.values.length;
    while (length < needed) length *= 2;
    const grown = new Float64Array(length).fill(Number.NaN);
    grown.set(this.values);
    this.values = grown;
  }
}
