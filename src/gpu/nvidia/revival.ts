/** When to look again at GPUs that were lost: soon at first, then ever more seldom. Milliseconds, monotonic. */

/** Until a lost GPU is asked again whether it answers. */
const ASK = { first: 2000, last: 60_000 } as const;
/** Until NVML is initialised again for the sake of one of several GPUs: it disturbs the others. */
const RESET = { first: 60_000, last: 600_000 } as const;
/** A GPU that was lost again within this time has not been well. */
const WELL = 60_000;

interface Trial {
  at: number;
  wait: number;
}

export class Revival {
  readonly #trials = new Map<string, Trial>();
  #reset: Trial | undefined;

  lost(uuid: string, now: number): void {
    const before = this.#trials.get(uuid);
    const again = before !== undefined && now - before.at < WELL;
    const wait = again ? Math.min(2 * before.wait, ASK.last) : ASK.first;
    this.#trials.set(uuid, { at: now + wait, wait });
  }

  /** Whether a lost GPU may be asked. */
  mayAsk(uuid: string, now: number): boolean {
    return now >= (this.#trials.get(uuid)?.at ?? 0);
  }

  /** It was asked and did not answer. */
  silent(uuid: string, now: number): void {
    const wait = this.#trials.get(uuid)?.wait ?? ASK.first;
    this.#trials.set(uuid, { at: now + wait, wait });
  }

  /** To be asked at each discovery: whether NVML may be initialised again. `alive`: GPUs that answer. */
  mayReset(now: number, lacking: boolean, alive: number): boolean {
    if (!lacking) this.#reset = undefined;
    else if (alive === 0) return true;
    else if (this.#reset === undefined) this.#reset = { at: now + RESET.first, wait: RESET.first };
    else if (now >= this.#reset.at) {
      const wait = Math.min(2 * this.#reset.wait, RESET.last);
      this.#reset = { at: now + wait, wait };
      return true;
    }
    return false;
  }
}
