/** Histograms as engines print them, brought into one shape. */
import { BUCKET, COUNT, type Hit, SUM, scaled } from './collect.ts';

/** Cumulative, as on the board: one number per bound, then the count, then the sum. */
export interface Histogram {
  /** Upper bounds without +Inf, rising. */
  readonly bounds: readonly number[];
  readonly values: Float64Array;
}

/**
 * One histogram from its samples, all of one series. Undefined where a part of it is missing: the page was
 * cut in it. Counts that a server wrote while they moved are made to rise from bound to bound.
 */
export function histogramOf(hits: readonly Hit[], scale: number): Histogram | undefined {
  const counts = new Map<number, number>();
  let sum = Number.NaN;
  let count = Number.NaN;
  for (const { part, value, labels } of hits) {
    if (part === BUCKET) {
      const bound = parseBound(labels['le'], scale);
      if (!Number.isNaN(bound)) counts.set(bound, value);
    } else if (part === SUM) sum = scaled(value, scale);
    else if (part === COUNT) count = value;
  }
  if (Number.isNaN(sum) || Number.isNaN(count)) return undefined;
  const bounds = [...counts.keys()].filter((bound) => bound !== Infinity).sort((a, b) => a - b);
  const values = new Float64Array(bounds.length + 2);
  for (const [i, bound] of bounds.entries()) values[i] = counts.get(bound) as number;
  values[bounds.length] = Math.max(count, counts.get(Infinity) ?? 0);
  values[bounds.length + 1] = sum;
  makeRising(values);
  return { bounds, values };
}

/** Twelve digits: 0.1 ms is 0.0001 s, not 0.00010000000000000002. */
function parseBound(le: string | undefined, scale: number): number {
  if (le === undefined) return Number.NaN;
  if (/^\+?inf$/i.test(le)) return Infinity;
  return le.trim() === '' ? Number.NaN : Number((Number(le) * scale).toPrecision(12));
}

/** From the smallest bound to the count. */
function makeRising(values: Float64Array): void {
  for (let i = 1; i < values.length - 1; i++) {
    values[i] = Math.max(values[i] as number, values[i - 1] as number);
  }
}

/** The same observations with fewer bounds: what is left says the same as before. */
export function restrict(histogram: Histogram, bounds: readonly number[]): Histogram {
  const { bounds: old, values } = histogram;
  if (old.length === bounds.length && old.every((bound, i) => bound === bounds[i]))
    return histogram;
  const kept = bounds.map((bound) => values[old.indexOf(bound)] as number);
  return { bounds, values: Float64Array.from([...kept, ...values.subarray(old.length)]) };
}

/** The bounds that all of them have. */
export const sharedBounds = (histograms: readonly Histogram[]): readonly number[] =>
  histograms.reduce<readonly number[] | undefined>(
    (shared, { bounds }) => shared?.filter((bound) => bounds.includes(bound)) ?? bounds,
    undefined,
  ) ?? [];
