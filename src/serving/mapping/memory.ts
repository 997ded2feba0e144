/**
 * What is remembered of a server from one page to the next, so that sums over ranks only go up: a rank that
 * starts again, or is not there for a while, is no reset of the sum.
 */
import type { Labels } from '../../board/layout.ts';
import type { Mapped } from '../engines/engine.ts';
import type { Figure } from './figures.ts';
import { type Histogram, restrict, sharedBounds } from './histogram.ts';

/** One series as it goes to the board. */
export interface Value {
  readonly signal: Mapped;
  readonly labels: Labels;
  /** Of a histogram. */
  readonly bounds: readonly number[] | undefined;
  /** One number, or a histogram's as the board has them. */
  readonly values: Float64Array;
}

/** A rank's part in a sum: what it had when it last started again, and what it has since. */
interface Part {
  base: Float64Array;
  last: Float64Array;
  /** Number of the page that it was last on. */
  seen: number;
}

interface Kept {
  readonly signal: Mapped;
  readonly labels: Labels;
  bounds: readonly number[] | undefined;
  readonly parts: Map<string, Part>;
  /** What ranks had that are forgotten. */
  gone: Float64Array | undefined;
}

/** Ranks of all series that are remembered while they are not on the page. */
const MOST_AWAY = 10_000;
/** Series of one server. */
export const MOST_KEPT = 2000;

export class Memory {
  /** In the order in which they were last seen. */
  readonly #kept = new Map<string, Kept>();
  #generated = new Map<string, number>();
  #time = Number.NaN;
  #page = 0;

  /** The page's series, at most MOST_KEPT, sums over all ranks ever seen. `now` in monotonic seconds. */
  add(figures: readonly Figure[], now: number): Value[] {
    const out: Value[] = [];
    for (const figure of figures.slice(0, MOST_KEPT)) {
      const value = this.#value(figure);
      if (value !== undefined) out.push(value);
    }
    out.push(...this.#rates(out, now));
    this.#time = now;
    this.#forget();
    this.#page++;
    return out;
  }

  /** Ranks that are remembered. */
  get ranks(): number {
    return [...this.#kept.values()].reduce((sum, { parts }) => sum + parts.size, 0);
  }

  /** Ranks whose labels change all the time (a worker's id) would be remembered for ever. */
  #forget(): void {
    const away = [...this.#kept.values()].flatMap((kept) =>
      [...kept.parts]
        .filter(([, { seen }]) => seen !== this.#page)
        .map(([rank]) => ({ kept, rank })),
    );
    if (away.length <= MOST_AWAY) return;
    for (const { kept, rank } of away) {
      const { base, last } = kept.parts.get(rank) as Part;
      const gone = kept.gone ?? new Float64Array(base.length);
      kept.gone = gone.map((x, i) => x + (base[i] as number) + (last[i] as number));
      kept.parts.delete(rank);
    }
  }

  #value(figure: Figure): Value | undefined {
    const { signal, labels } = figure;
    switch (figure.kind) {
      case 'gauge':
        return one(signal, labels, figure.value);
      case 'counter': {
        const kept = this.#keep(figure);
        for (const [rank, value] of figure.ranks) this.#grow(kept, rank, Float64Array.of(value), 0);
        return { signal, labels, bounds: undefined, values: total(kept, 1) };
      }
      case 'mean': {
        const before = [...this.#totals(figure)];
        const [sum, count] = this.#totals(figure, true).map((x, i) => x - (before[i] as number));
        // The first page tells what was before it was read.
        if (before[1] === 0 || !((count as number) > 0)) return undefined;
        return one(signal, labels, (sum as number) / (count as number));
      }
      case 'histogram':
        return this.#histogram(figure, figure.ranks);
    }
  }

  #histogram({ signal, labels }: Figure, ranks: ReadonlyMap<string, Histogram>): Value {
    const kept = this.#keep({ signal, labels });
    const bounds = sharedBounds([...ranks.values()]);
    // An engine that was configured anew has other bounds: it is another histogram.
    if (JSON.stringify(kept.bounds) !== JSON.stringify(bounds)) {
      kept.parts.clear();
      kept.gone = undefined;
    }
    kept.bounds = bounds;
    for (const [rank, histogram] of ranks) {
      this.#grow(kept, rank, restrict(histogram, bounds).values, bounds.length);
    }
    return { signal, labels, bounds, values: total(kept, bounds.length + 2) };
  }

  /** Totals of both counters of a mean; with `add` after this page. */
  #totals(figure: Extract<Figure, { kind: 'mean' }>, add = false): number[] {
    return (['total', 'count'] as const).map((which) => {
      const kept = this.#keep(figure, which);
      if (add) {
        for (const [rank, v] of figure[which]) this.#grow(kept, rank, Float64Array.of(v), 0);
      }
      return total(kept, 1)[0] as number;
    });
  }

  /**
   * Takes a rank's new numbers in. It started again where the number at `count` fell; otherwise none of them
   * falls, whatever the server wrote while they moved.
   */
  #grow({ parts }: Kept, rank: string, values: Float64Array, count: number): void {
    const part = parts.get(rank);
    if (part === undefined) {
      parts.set(rank, {
        base: new Float64Array(values.length),
        last: values,
        seen: this.#page,
      });
      return;
    }
    const { base, last } = part;
    part.seen = this.#page;
    if ((values[count] as number) < (last[count] as number)) {
      part.base = base.map((x, i) => x + (last[i] as number));
      part.last = values;
    } else part.last = values.map((x, i) => Math.max(x, last[i] as number));
  }

  #keep({ signal, labels }: Pick<Figure, 'signal' | 'labels'>, part = ''): Kept {
    const key = JSON.stringify([signal, labels, part]);
    const kept = this.#kept.get(key) ?? {
      signal,
      labels,
      bounds: undefined,
      parts: new Map(),
      gone: undefined,
    };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    // A mean is kept twice. What was not seen for longest goes.
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > 2 * MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }

  /** Tokens per second since the last page, of models whose engine does not say so itself. */
  #rates(values: readonly Value[], now: number): Value[] {
    const said = new Set(values.filter((v) => v.signal === 'tokensPerSecond').map(modelOf));
    const out: Value[] = [];
    const generated = new Map<string, number>();
    for (const value of values) {
      if (value.signal !== 'generated') continue;
      const model = modelOf(value);
      const tokens = value.values[0] as number;
      generated.set(model, tokens);
      const before = this.#generated.get(model);
      if (before === undefined || said.has(model) || !(now > this.#time)) continue;
      out.push(one('tokensPerSecond', value.labels, (tokens - before) / (now - this.#time)));
    }
    this.#generated = generated;
    return out;
  }
}

const modelOf = ({ labels }: Value): string => labels['model'] ?? '';

const one = (signal: Mapped, labels: Labels, value: number): Value => ({
  signal,
  labels,
  bounds: undefined,
  values: Float64Array.of(value),
});

function total({ parts, gone }: Kept, size: number): Float64Array {
  const out = gone?.slice() ?? new Float64Array(size);
  for (const { base, last } of parts.values()) {
    for (let i = 0; i < size; i++)
      out[i] = (out[i] as number) + (base[i] as number) + (last[i] as number);
  }
  return out;
}
