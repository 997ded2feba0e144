/** Which processes have series of their own when there are too many: the largest, without flapping. */

export interface Candidate {
  /** Unique, the same from poll to poll. */
  readonly key: number;
  /** Bytes; NaN ranks last. */
  readonly memory: number;
}

/** Polls that a process may be too small before it gives its place up. */
const PATIENCE = 10;
/** How much larger another must be to take a place at once. */
const MARGIN = 1.25;

export class ProcessTop {
  readonly #places: number;
  /** Those chosen, and for how many polls they have been too small. */
  readonly #chosen = new Map<number, number>();

  constructor(places: number) {
    this.#places = places;
  }

  has(key: number): boolean {
    return this.#chosen.has(key);
  }

  /** Chooses anew. `candidates`, in any order, is put in the order of size. */
  choose(candidates: Candidate[]): void {
    candidates.sort(bySize);
    this.#forget(candidates);
    const best = candidates.slice(0, this.#places);
    for (const { key } of best) if (this.#chosen.has(key)) this.#chosen.set(key, 0);
    // The smallest first: whoever has a place without being among the best.
    const weak = candidates.slice(this.#places).filter(({ key }) => this.#chosen.has(key));
    for (const { key } of weak) this.#chosen.set(key, (this.#chosen.get(key) as number) + 1);
    for (const candidate of best) {
      if (this.#chosen.has(candidate.key)) continue;
      if (this.#chosen.size >= this.#places && !this.#yield(weak, candidate)) continue;
      this.#chosen.set(candidate.key, 0);
    }
  }

  #forget(candidates: readonly Candidate[]): void {
    const there = new Set(candidates.map(({ key }) => key));
    for (const key of this.#chosen.keys()) if (!there.has(key)) this.#chosen.delete(key);
  }

  /** Takes a place from the weakest that has to give it to `candidate`. */
  #yield(weak: Candidate[], candidate: Candidate): boolean {
    const at = weak.findLastIndex(
      ({ key, memory }) =>
        (this.#chosen.get(key) as number) >= PATIENCE ||
        size(candidate.memory) > size(memory) * MARGIN,
    );
    if (at < 0) return false;
    const [loser] = weak.splice(at, 1);
    return this.#chosen.delete((loser as Candidate).key);
  }
}

const size = (memory: number): number => (Number.isNaN(memory) ? -1 : memory);

/** Largest first; of equals the one with the lower key, so that their order is always the same. */
function bySize(a: Candidate, b: Candidate): number {
  return size(b.memory) - size(a.memory) || a.key - b.key;
}
