/**
 * Lets few in at a time: a check of a password takes a processor for tens of milliseconds. Who waits is
 * counted by where it comes from, so that one who tries passwords does not keep everybody else out.
 */

export interface GateLimits {
  /** Checks that run at once. */
  readonly running: number;
  /** Those that run or wait, of one client and of all. */
  readonly perClient: number;
  readonly all: number;
}

/** Half of a small machine at most, and nobody waits for longer than a scrape may take. */
const LIMITS: GateLimits = { running: 1, perClient: 4, all: 32 };

export class Gate {
  readonly #limits: GateLimits;
  readonly #clients = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #running = 0;

  constructor(limits: GateLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Runs `work` when it is its turn; undefined at once where too many wait already. */
  enter<T>(client: string, work: () => Promise<T>): Promise<T> | undefined {
    const before = this.#clients.get(client) ?? 0;
    if (before >= this.#limits.perClient || this.#inside >= this.#limits.all) return undefined;
    this.#clients.set(client, before + 1);
    this.#inside++;
    return this.#run(work).finally(() => this.#leave(client));
  }

  /** How many run or wait. */
  get inside(): number {
    return this.#inside;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.running) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over; it is never free in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #leave(client: string): void {
    this.#inside--;
    const left = (this.#clients.get(client) ?? 1) - 1;
    if (left === 0) this.#clients.delete(client);
    else this.#clients.set(client, left);
  }
}
