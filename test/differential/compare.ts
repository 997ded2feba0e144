/** Two expositions as series, and in what they differ. */
import { DIFFERENCES, type Difference, type Where } from '../differences.ts';
import { type Series, series } from '../exposition.ts';

export type Reading = ReadonlyMap<string, Series>;

/** What edgegauge says of itself, in every dialect. */
const OWN = /^(edgegauge|process)_/;
/** How long each took to read: the two have nothing to do with one another. */
const TIMED = 'node_scrape_collector_duration_seconds';

/** What of a page is compared, by identity. */
export const read = (page: string): Reading =>
  new Map([...series(page)].filter(([, { name }]) => !OWN.test(name)));

export interface Found {
  readonly only: Difference['only'];
  readonly series: Series;
  /** For whoever reads the failure. */
  readonly text: string;
}

/** node_exporter multiplies by 0.001 where edgegauge divides by 1000: the last bit may differ. */
const LAST_BIT = 2 * Number.EPSILON;
const same = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= LAST_BIT * Math.abs(a);

/**
 * In what one page of node_exporter differs from those of edgegauge before and after it, by identity. A
 * value that moved meanwhile is compared where it only goes one way: it must lie between the two.
 */
export function compare(theirs: Reading, before: Reading, after: Reading): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const [key, series] of theirs) {
    const [first, last] = [before.get(key), after.get(key)];
    if (first === undefined || last === undefined) {
      found.set(key, { only: 'node_exporter', series, text: `${key} ${series.value}` });
    } else if (first.type !== series.type) {
      const text = `${key} is a ${first.type}, node_exporter: ${series.type}`;
      found.set(key, { only: 'neither', series, text });
    } else if (series.name !== TIMED && !agree(series, Number(first.value), Number(last.value))) {
      const text = `${key} ${first.value}, then ${last.value}, node_exporter: ${series.value}`;
      found.set(key, { only: 'neither', series, text });
    }
  }
  for (const [key, series] of after) {
    if (theirs.has(key)) continue;
    found.set(key, { only: 'edgegauge', series, text: `${key} ${series.value}` });
  }
  return found;
}

function agree(theirs: Series, first: number, last: number): boolean {
  const value = Number(theirs.value);
  if (same(value, first) || same(value, last)) return true;
  if (same(first, last)) return false;
  return theirs.type === 'gauge' || (value > first && value < last);
}

function explains(difference: Difference, found: Found, where: Where): boolean {
  const { labels = {}, value = () => true } = difference;
  return (
    difference.on.includes(where) &&
    difference.only === found.only &&
    difference.names.includes(found.series.name) &&
    Object.entries(labels).every(([k, of]) => of.includes(found.series.labels[k] ?? '')) &&
    value(Number(found.series.value))
  );
}

/** What of the found no listed difference explains, as text. */
export function unexplained(found: ReadonlyMap<string, Found>, where: Where): string[] {
  const left = [...found.values()].filter((f) => !DIFFERENCES.some((d) => explains(d, f, where)));
  return left.map(({ only, text }) => `${only}: ${text}`);
}

/** Listed differences that should show there and do not, as their reasons and names. */
export function idle(found: ReadonlyMap<string, Found>, where: Where): string[] {
  const all = [...found.values()];
  return DIFFERENCES.filter((d) => d.on.includes(where)).flatMap((d) =>
    d.names
      .filter((name) => !all.some((f) => f.series.name === name && explains(d, f, where)))
      .map((name) => `${name}: ${d.reason}`),
  );
}
