/** Calls on a fixed grid of times: a tick that takes long or comes late does not shift those behind it. */

/** The first time of the grid behind `now`; `due` is one of its times. All in milliseconds. */
export function nextDue(due: number, now: number, interval: number): number {
  return due + (Math.floor(Math.max(now - due, 0) / interval) + 1) * interval;
}

export class Ticker {
  readonly #tick: () => void;
  readonly #now: () => number;
  #timer: Timer | undefined;
  #interval = 0;
  #due = 0;
  readonly #run = (): void => {
    this.#tick();
    if (this.#interval === 0) return;
    // Ticks that were missed are not made up for.
    this.#due = nextDue(this.#due, this.#now(), this.#interval);
    this.#schedule();
  };

  constructor(tick: () => void, now: () => number = () => performance.now()) {
    this.#tick = tick;
    this.#now = now;
  }

  /** Ticks soon (behind what runs now), and then every `interval` milliseconds. */
  restart(interval: number): void {
    this.#interval = interval;
    this.#due = this.#now();
    this.#schedule();
  }

  stop(): void {
    this.#interval = 0;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#run, Math.max(0, this.#due - this.#now()));
  }
}
