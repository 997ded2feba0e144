/** Which series owns which block of the board. Sources draft it at discovery; faces compile from it. */
import type { Signal } from '../catalog/signal.ts';
import type { Board } from './board.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly signal: Signal;
  /** Every label and fact; a face prints those that its dialect names. */
  readonly labels: Labels;
  /** What `collect[]` calls the group it belongs to. */
  readonly collector: string;
  /** Appended to the family's name (`_bucket`, `_sum`, `_count` of a histogram that was read as text). */
  readonly suffix: string;
  readonly slot: number;
  readonly size: number;
  /** Upper bounds of a histogram's buckets without +Inf; its block is one slot per bound, then count, then sum. */
  readonly bounds: readonly number[] | undefined;
  /** Unix seconds when this series was first seen. */
  readonly start: number;
  /** The source that writes it. */
  readonly source: string;
}

export interface SeriesOptions {
  /** Where it is not the signal's own. */
  readonly collector?: string;
  readonly suffix?: string;
  readonly bounds?: readonly number[];
}

const SCRATCH: Signal = {
  id: 'scratch',
  collector: '',
  type: 'unknown',
  unit: '',
  help: '',
  labels: [],
  dialects: {},
};

const identity = (signal: Signal, labels: Labels, suffix: string): string =>
  JSON.stringify([signal.id, suffix, labels]);

/**
 * Series by a hash of their identity: the identity itself, three hundred bytes for a GPU's, is kept for the
 * few alone whose hash is that of another.
 */
type SeriesMap = Map<number | string, Series>;

/** Whether a series is the one of this identity; in a probe's topology each signal is another object each time. */
const is = (series: Series, signal: Signal, labels: Labels, suffix: string): boolean =>
  series.signal.id === signal.id && series.suffix === suffix && sameLabels(series.labels, labels);
const sameLabels = (a: Labels, b: Labels): boolean => {
  if (a === b) return true;
  let fewer = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    fewer++;
  }
  for (const _ in b) fewer--;
  return fewer === 0;
};
const sameBounds = (a: readonly number[] = [], b: readonly number[] = []): boolean =>
  a === b || (a.length === b.length && a.every((bound, i) => bound === b[i]));

/** What one source declares in one discovery. */
export class Draft {
  readonly #layout: Layout;
  readonly #source: string;
  readonly #old: SeriesMap;
  readonly #new: SeriesMap = new Map();
  /** Sources declare in the same order each time: the one of `#old` that is due, while that holds. */
  readonly #order: Iterator<[number | string, Series]>;
  #due: [number | string, Series] | undefined;
  #changed = false;

  constructor(layout: Layout, source: string, old: SeriesMap) {
    this.#layout = layout;
    this.#source = source;
    this.#old = old;
    this.#order = old.entries();
    this.#due = this.#order.next().value;
  }

  /**
   * Declares a series and returns its first slot. A series that was there before keeps its block and
   * its start; declaring one twice in a draft answers the same slot.
   */
  slot(signal: Signal, labels: Labels = {}, options: SeriesOptions = {}): number {
    const suffix = options.suffix ?? '';
    const key = this.#dueKey(signal, labels, suffix) ?? this.#key(signal, labels, suffix);
    const size = options.bounds === undefined ? 1 : options.bounds.length + 2;
    const kept = this.#new.get(key) ?? this.#old.get(key);
    if (kept !== undefined && kept.size === size && sameBounds(kept.bounds, options.bounds)) {
      this.#new.set(key, kept);
      return kept.slot;
    }
    const start = this.#layout.now();
    const slot = this.#layout.board.allocate(size, start);
    this.#new.set(key, {
      signal,
      labels,
      collector: options.collector ?? signal.collector,
      suffix,
      slot,
      size,
      bounds: options.bounds,
      start,
      source: this.#source,
    });
    this.#changed = true;
    return slot;
  }

  /** A slot that no dialect names: an intermediate value of the source, kept across its discoveries. */
  scratch(key: string): number {
    return this.slot(SCRATCH, { key });
  }

  /** The key of the series that is due if it is this one: a name of each would be garbage at each discovery. */
  #dueKey(signal: Signal, labels: Labels, suffix: string): number | string | undefined {
    if (this.#due === undefined) return undefined;
    const [key, due] = this.#due;
    if (!is(due, signal, labels, suffix)) return undefined;
    this.#due = this.#order.next().value;
    return key;
  }

  /** The hash, unless it is another's. */
  #key(signal: Signal, labels: Labels, suffix: string): number | string {
    const name = identity(signal, labels, suffix);
    const hash = Bun.hash.xxHash32(name);
    if (this.#old.has(name)) return name;
    const kept = this.#new.get(hash) ?? this.#old.get(hash);
    return kept === undefined || is(kept, signal, labels, suffix) ? hash : name;
  }

  /** Makes the draft the source's part of the layout; blocks of series it no longer declares are freed. */
  commit(): void {
    for (const [key, series] of this.#old) {
      if (this.#new.get(key) === series) continue;
      this.#layout.board.free(series.slot, series.size, this.#layout.now());
      this.#changed = true;
    }
    this.#layout.replace(this.#source, this.#new, this.#changed);
  }
}

export class Layout {
  readonly board: Board;
  /** Unix seconds; injected so that tests own the clock. */
  readonly now: () => number;
  readonly #sources = new Map<string, SeriesMap>();
  #version = 0;

  constructor(board: Board, now: () => number = () => Date.now() / 1000) {
    this.board = board;
    this.now = now;
  }

  /** Rises whenever a series comes or goes; faces compile again when it moved. */
  get version(): number {
    return this.#version;
  }

  draft(source: string): Draft {
    return new Draft(this, source, this.#sources.get(source) ?? new Map());
  }

  /** For Draft.commit alone. */
  replace(source: string, series: SeriesMap, changed: boolean): void {
    this.#sources.set(source, series);
    if (changed) this.#version++;
  }

  /** Series of one source, or of all. */
  *series(source?: string): IterableIterator<Series> {
    if (source !== undefined) {
      yield* this.#sources.get(source)?.values() ?? [];
      return;
    }
    for (const part of this.#sources.values()) yield* part.values();
  }

  /** Makes every value of a source absent (its file vanished, its reader failed). */
  withdraw(source: string): void {
    const part = this.#sources.get(source);
    if (part === undefined) return;
    for (const s of part.values()) this.board.values.fill(Number.NaN, s.slot, s.slot + s.size);
  }
}
