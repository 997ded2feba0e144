/**
 * Reads a file in the Prometheus text format 0.0.4, as strictly as node_exporter does: what it refuses is
 * refused here. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { SAID_NAN } from '../../board/board.ts';
import type { Labels } from '../../board/layout.ts';
import type { MetricType } from '../../catalog/signal.ts';
import { readFloat, readHelp, readLabels } from './lexical.ts';

/** Why a file is left out. */
export class TextfileError extends Error {
  override readonly name = 'TextfileError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** A series as the board takes it. */
export interface TextSeries {
  readonly labels: Labels;
  readonly suffix: string;
  /** Of a histogram: its bounds without +Inf. */
  readonly bounds: readonly number[] | undefined;
  /** One number; of a histogram one per bound, then count, then sum. */
  readonly values: readonly number[];
}

export interface TextFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly series: readonly TextSeries[];
  /** Every sample line as `name{labels}`, and where it is. */
  readonly samples: ReadonlyMap<string, number>;
}

interface Histogram {
  readonly labels: Labels;
  readonly buckets: Map<number, number>;
  count: number;
  sum: number;
}

interface Family {
  readonly name: string;
  type: MetricType | undefined;
  help: string | undefined;
  readonly series: TextSeries[];
  readonly histograms: Map<string, Histogram>;
  readonly samples: Map<string, number>;
}

/** `text` has one character per byte. Families without a sample are left out. Throws TextfileError. */
export function parseTextfile(text: string): TextFamily[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (!/^[ \t]*$/.test(last)) throw new TextfileError(lines.length + 1, 'its end is missing');
  const families = new Map<string, Family>();
  for (const [i, line] of lines.entries()) {
    try {
      readLine(line, i + 1, families);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new TextfileError(i + 1, error.message);
    }
  }
  return [...families.values()].filter((family) => family.samples.size > 0).map(finish);
}

function readLine(line: string, number: number, families: Map<string, Family>): void {
  const start = line.search(/[^ \t]/);
  if (start < 0) return;
  if (line[start] === '#') readComment(line.slice(start), families);
  else readSample(line.slice(start), number, families);
}

function readComment(line: string, families: Map<string, Family>): void {
  const [, keyword, rest] = /^#[ \t]*(HELP|TYPE)[ \t]+(.+)$/s.exec(line) ?? [];
  if (keyword === undefined || rest === undefined) return;
  const [, name, text] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]+(.*))?$/s.exec(rest) ?? [];
  if (name === undefined) throw new SyntaxError(`${keyword} of an invalid name: ${rest}`);
  if (text === undefined || text === '') return;
  const [family] = familyOf(name, families);
  if (keyword === 'HELP') {
    if (family.help !== undefined) throw new SyntaxError(`a second HELP for ${family.name}`);
    family.help = readHelp(text);
    return;
  }
  if (family.type !== undefined) {
    throw new SyntaxError(`a second TYPE for ${family.name}, or one behind its samples`);
  }
  const type = TYPES.get(text.toLowerCase());
  if (type === undefined) throw new SyntaxError(`${text} is no type of metric`);
  family.type = type;
}

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
]);

/** The family that samples of this name belong to, and what the name has beyond the family's. */
function familyOf(name: string, families: Map<string, Family>): [Family, string] {
  const own = families.get(name);
  if (own !== undefined) return [own, ''];
  const [, base = '', suffix = ''] = /^(.+)(_sum|_count|_bucket)$/.exec(name) ?? [];
  const whole = families.get(base);
  const parts = whole?.type === 'histogram' || (whole?.type === 'summary' && suffix !== '_bucket');
  if (whole !== undefined && parts) return [whole, suffix];
  const made: Family = {
    name,
    type: undefined,
    help: undefined,
    series: [],
    histograms: new Map(),
    samples: new Map(),
  };
  families.set(name, made);
  return [made, ''];
}

function readSample(line: string, number: number, families: Map<string, Family>): void {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?=[ \t{]|$)/.exec(line)?.[0];
  if (name === undefined) throw new SyntaxError(`no valid name: ${line.slice(0, 40)}`);
  const { labels, end } = readLabels(line, name.length);
  const [, text = '', behind = ''] = /^[ \t]*([^ \t]*)(.*)$/s.exec(line.slice(end)) ?? [];
  const value = readFloat(text);
  if (value === undefined) throw new SyntaxError(`${text === '' ? 'nothing' : text} is no value`);
  if (behind !== '')
    throw new SyntaxError(`what is behind the value is not taken: ${behind.trim()}`);
  const [family, suffix] = familyOf(name, families);
  family.type ??= 'unknown';
  addSample(family, suffix, labels, Number.isNaN(value) ? SAID_NAN : value, number);
}

function addSample(
  family: Family,
  suffix: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  line: number,
): void {
  const note = (part: string, of: Labels): void => {
    const key = `${family.name}${part}${JSON.stringify(of)}`;
    if (family.samples.has(key)) throw new SyntaxError(`${family.name}${part} is there twice`);
    family.samples.set(key, line);
  };
  if (family.type === 'histogram') {
    addToHistogram(family, suffix, labels, value, note);
    return;
  }
  let own: Labels = labels;
  if (family.type === 'summary' && suffix === '') {
    own = { ...labels, quantile: String(limit(labels, 'quantile', family.name)) };
  }
  const shown = sorted(own);
  note(suffix, shown);
  family.series.push({ labels: shown, suffix, bounds: undefined, values: [value] });
}

function addToHistogram(
  family: Family,
  suffix: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  note: (part: string, of: Labels) => void,
): void {
  const { le, ...others } = labels;
  const shown = sorted(suffix === '_sum' || suffix === '_count' ? labels : others);
  const key = JSON.stringify(shown);
  let histogram = family.histograms.get(key);
  if (histogram === undefined) {
    histogram = { labels: shown, buckets: new Map(), count: Number.NaN, sum: Number.NaN };
    family.histograms.set(key, histogram);
  }
  if (suffix === '_sum' || suffix === '_count') {
    note(suffix, shown);
    histogram[suffix === '_sum' ? 'sum' : 'count'] = value;
    return;
  }
  const bound = limit(labels, 'le', family.name);
  note('_bucket', { ...shown, le: String(bound) });
  histogram.buckets.set(bound, value);
}

/** The number in the label that tells a bucket or a quantile from the others. */
function limit(labels: Readonly<Record<string, string>>, label: string, name: string): number {
  const value = readFloat(labels[label] ?? '');
  if (value === undefined || Number.isNaN(value)) {
    throw new SyntaxError(`a sample of ${name} has no number in its label ${label}`);
  }
  return value;
}

/** Labels in the order of their names. An empty label is no label. */
function sorted(labels: Readonly<Record<string, string>>): Labels {
  const kept = Object.entries(labels).filter(([, value]) => value !== '');
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function finish({ name, type = 'unknown', help, series, histograms, samples }: Family): TextFamily {
  const whole = [...histograms.values()].map(({ labels, buckets, count, sum }): TextSeries => {
    const bounds = [...buckets.keys()].filter(Number.isFinite).sort((a, b) => a - b);
    const values = bounds.map((bound) => buckets.get(bound) as number);
    const all = Number.isNaN(count) ? (buckets.get(Number.POSITIVE_INFINITY) ?? count) : count;
    return { labels, suffix: '', bounds, values: [...values, all, sum] };
  });
  return { name, type, help, series: [...series, ...whole], samples };
}
