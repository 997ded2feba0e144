/** What a page says in our vocabulary, before and without a memory of earlier pages. */
import type { Labels } from '../../board/layout.ts';
import type { Engine, GaugeRule, Mapped, Reduce, Rule } from '../engines/engine.ts';
import type { Collected, Hit } from './collect.ts';
import { type Group, modelIn, preferred } from './groups.ts';
import { type Histogram, histogramOf } from './histogram.ts';

/** One series of ours. Counters and histograms by rank: each may start again alone. */
export type Figure = {
  readonly signal: Mapped;
  /** Model, where it is known, and the rule's own. */
  readonly labels: Labels;
} & (
  | { readonly kind: 'gauge'; readonly value: number }
  | { readonly kind: 'counter'; readonly ranks: ReadonlyMap<string, number> }
  | { readonly kind: 'histogram'; readonly ranks: ReadonlyMap<string, Histogram> }
  /** A gauge: growth of the first divided by that of the second. */
  | {
      readonly kind: 'mean';
      readonly total: ReadonlyMap<string, number>;
      readonly count: ReadonlyMap<string, number>;
    }
);

export interface Figures {
  readonly figures: readonly Figure[];
  /** Series of which a part was missing. */
  readonly incomplete: number;
}

/** `model`: of a sample that says none, where the page does not tell it either. */
export function figuresOf(
  { found }: Collected,
  engine: Engine,
  model: string | undefined,
): Figures {
  const models = new Set<string>();
  for (const { hits } of [...found.values()].flat()) {
    for (const { labels } of hits) models.add(modelIn(labels, engine) ?? '');
  }
  models.delete('');
  const [only] = models;
  const spare = models.size === 1 ? only : model;
  const figures: Figure[] = [];
  let incomplete = 0;
  for (const [signal, rules] of found) {
    for (const [rule, group] of preferred(rules, engine, spare)) {
      const made = figureOf(signal, rule, group, engine);
      if (made === undefined) incomplete++;
      else if (!isUnknown(made)) figures.push(made);
    }
  }
  return { figures, incomplete };
}

/** A cache of which the engine does not know the size, or has not made it yet, is said to hold nothing. */
const isUnknown = (figure: Figure): boolean =>
  (figure.signal === 'cacheCapacityTokens' || figure.signal === 'cacheCapacityBytes') &&
  figure.kind === 'gauge' &&
  !(figure.value > 0);

function figureOf(
  signal: Mapped,
  rule: Rule,
  { labels, hits }: Group,
  engine: Engine,
): Figure | undefined {
  const part = (...parts: number[]) =>
    ranked(
      hits.filter((h) => parts.includes(h.part)),
      engine,
    );
  if ('counter' in rule) {
    return { signal, labels, kind: 'counter', ranks: ranked(hits, engine) };
  }
  if ('gauge' in rule) {
    const value = gauge(rule, hits, rule.each === true ? { ...engine, repeats: [] } : engine);
    return Number.isNaN(value) ? undefined : { signal, labels, kind: 'gauge', value };
  }
  if ('ratio' in rule) {
    const value = reduced(part(0), 'sum') / reduced(part(1), 'sum');
    return { signal, labels, kind: 'gauge', value };
  }
  if ('product' in rule) {
    const value = reduced(part(0), rule.reduce) * reduced(part(1), 'max');
    return Number.isNaN(value) ? undefined : { signal, labels, kind: 'gauge', value };
  }
  if ('mean' in rule) return { signal, labels, kind: 'mean', total: part(0), count: part(1) };
  const ranks = 'sum' in rule ? pairs(hits, engine) : histograms(hits, rule, engine);
  return ranks.size === 0 ? undefined : { signal, labels, kind: 'histogram', ranks };
}

/** NaN where the page has only what is added to it. */
function gauge({ plus = [], reduce }: GaugeRule, hits: readonly Hit[], engine: Engine): number {
  const part = (i: number): number =>
    reduced(
      ranked(
        hits.filter((h) => h.part === i),
        engine,
      ),
      reduce,
    );
  const more = plus.map((_, i) => part(i + 1)).filter((value) => !Number.isNaN(value));
  return more.reduce((a, b) => a + b, part(0));
}

/** Numbers by rank. Ranks that repeat each other are one: the largest. */
function ranked(hits: readonly Hit[], engine: Engine): Map<string, number> {
  const out = new Map<string, number>();
  for (const { part, value, labels } of hits) {
    const key = rankOf(labels, engine, part);
    out.set(key, Math.max(value, out.get(key) ?? -Infinity));
  }
  return out;
}

/** The labels that tell series of one name apart, those left out on which they repeat each other. */
function rankOf(labels: Labels, { repeats = [] }: Engine, part: number): string {
  const rest = Object.entries(labels).filter(([name]) => name !== 'le' && !repeats.includes(name));
  return JSON.stringify([part, rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** NaN of nothing. */
function reduced(ranks: ReadonlyMap<string, number>, reduce: Reduce): number {
  if (ranks.size === 0) return Number.NaN;
  const values = [...ranks.values()];
  if (reduce === 'max') return Math.max(...values);
  const sum = values.reduce((a, b) => a + b);
  return reduce === 'mean' ? sum / values.length : sum;
}

/** The histograms of all ranks, by those that do not repeat each other: the one that saw most. */
function histograms(
  hits: readonly Hit[],
  { scale = 1 }: { readonly scale?: number },
  engine: Engine,
): Map<string, Histogram> {
  const bySeries = new Map<string, Hit[]>();
  for (const hit of hits) {
    const key = rankOf(hit.labels, { ...engine, repeats: [] }, 0);
    const series = bySeries.get(key) ?? [];
    series.push(hit);
    bySeries.set(key, series);
  }
  const out = new Map<string, Histogram>();
  for (const series of bySeries.values()) {
    const histogram = histogramOf(series, scale);
    if (histogram === undefined) continue;
    const key = rankOf((series[0] as Hit).labels, engine, 0);
    const other = out.get(key);
    if (other === undefined || countOf(histogram) > countOf(other)) out.set(key, histogram);
  }
  return out;
}

const countOf = ({ bounds, values }: Histogram): number => values[bounds.length] as number;

/** Histograms without bounds, of a sum and the counts that belong to it. */
function pairs(hits: readonly Hit[], engine: Engine): Map<string, Histogram> {
  const sums = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { part, value, labels } of hits) {
    const key = rankOf(labels, engine, 0);
    if (part === 0) sums.set(key, value);
    else counts.set(key, (counts.get(key) ?? 0) + value);
  }
  const out = new Map<string, Histogram>();
  for (const [key, sum] of sums) {
    const count = counts.get(key);
    if (count !== undefined) out.set(key, { bounds: [], values: Float64Array.of(count, sum) });
  }
  return out;
}
