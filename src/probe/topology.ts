/** How a child's layout reaches its parent: as JSON when it changes, and there as a map from slot to slot. */
import type { Labels, Layout, Series, SeriesOptions } from '../board/layout.ts';
import { SELF } from '../catalog/self.ts';
import type { Signal } from '../catalog/signal.ts';

export interface WireSeries extends SeriesOptions {
  /** Index in `signals`. */
  readonly signal: number;
  /** How many labels it has from the series before it, the first ones of that. */
  readonly same: number;
  /** Those that follow: what is known of a GPU is said once, and not with each of its hundred series. */
  readonly labels: Labels;
  /** First slot on the child's board. */
  readonly slot: number;
}

export interface WireTopology {
  /** What the frames that belong to it carry. */
  readonly version: number;
  readonly signals: readonly Signal[];
  readonly series: readonly WireSeries[];
}

export function encodeTopology(layout: Layout): WireTopology {
  const signals = new Map<Signal, number>();
  let before: Labels = {};
  const series = [...layout.series()].map((s): WireSeries => {
    const index = signals.get(s.signal) ?? signals.size;
    signals.set(s.signal, index);
    const wire = { signal: index, ...without(before, s.labels), ...options(s), slot: s.slot };
    before = s.labels;
    return wire;
  });
  return { version: layout.version, signals: [...signals.keys()], series };
}

const NONE: Labels = {};

/** What `labels` begin with as `before` do, and the rest of them. */
function without(before: Labels, labels: Labels): Pick<WireSeries, 'same' | 'labels'> {
  const names = Object.keys(labels);
  if (before === labels) return { same: names.length, labels: NONE };
  const known = Object.keys(before);
  let same = 0;
  while (same < names.length && names[same] === known[same]) {
    const name = names[same] as string;
    if (labels[name] !== before[name]) break;
    same++;
  }
  const rest = names.slice(same).map((name) => [name, labels[name]]);
  return { same, labels: Object.fromEntries(rest) };
}

/** The labels that {@link without} made a difference of. */
function restored(before: Labels, { same, labels }: WireSeries): Labels {
  const known = Object.entries(before);
  const rest = Object.entries(labels);
  if (rest.length === 0 && same === known.length) return before;
  return Object.fromEntries([...known.slice(0, same), ...rest]);
}

const options = (s: Series): SeriesOptions => ({
  ...(s.collector === s.signal.collector ? {} : { collector: s.collector }),
  ...(s.suffix === '' ? {} : { suffix: s.suffix }),
  ...(s.bounds === undefined ? {} : { bounds: s.bounds }),
});

/** Whether a source or collector works: false, and not unknown, when its probe is gone. */
const STATES: ReadonlySet<string> = new Set([SELF.sourceUp.id, SELF.collectorSuccess.id]);

/** Copies a child's slots to where its series lie on the parent's board. */
export class SlotMap {
  readonly version: number;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** Of the parent's slots: those that a withdrawal makes absent, and those that it makes 0. */
  readonly #absent: Int32Array;
  readonly #down: Int32Array;

  /** Makes `topology` the part of `layout` that belongs to `source`. */
  constructor(topology: WireTopology, layout: Layout, source: string) {
    const from: number[] = [];
    const to: number[] = [];
    const absent: number[] = [];
    const down: number[] = [];
    const draft = layout.draft(source);
    let labels: Labels = {};
    for (const s of topology.series) {
      labels = restored(labels, s);
      const wire = topology.signals[s.signal];
      if (wire === undefined) throw new Error(`no signal ${s.signal} in a probe's topology`);
      // JSON has no undefined: a signal whose labels are known only at run time comes without them.
      const signal: Signal = { ...wire, labels: wire.labels };
      const slot = draft.slot(signal, labels, s);
      const size = s.bounds === undefined ? 1 : s.bounds.length + 2;
      for (let i = 0; i < size; i++) {
        from.push(s.slot + i);
        to.push(slot + i);
        if (STATES.has(signal.id)) down.push(slot + i);
        else if (signal.id !== SELF.sourceLastSuccess.id) absent.push(slot + i);
      }
    }
    draft.commit();
    this.version = topology.version;
    this.#from = Int32Array.from(from);
    this.#to = Int32Array.from(to);
    this.#absent = Int32Array.from(absent);
    this.#down = Int32Array.from(down);
  }

  /** Writes a frame into the board. Allocates nothing. */
  copy(frame: Float64Array, board: Float64Array): void {
    const from = this.#from;
    const to = this.#to;
    for (let i = 0; i < from.length; i++) {
      board[to[i] as number] = frame[from[i] as number] as number;
    }
  }

  /** Nothing is known any more, except that the sources do not answer and when they last did. Allocates nothing. */
  withdraw(board: Float64Array): void {
    for (let i = 0; i < this.#absent.length; i++) board[this.#absent[i] as number] = Number.NaN;
    for (let i = 0; i < this.#down.length; i++) board[this.#down[i] as number] = 0;
  }
}
