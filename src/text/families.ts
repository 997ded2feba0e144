/** Groups a layout's series into the families of a set of dialects: the compile step of a page. */
import type { Labels, Series } from '../board/layout.ts';
import type { Dialect, Entry } from '../catalog/signal.ts';
import { boundText, type Format, familyHead, labelSet } from './format.ts';

export interface CompiledLine {
  /** Everything before the number. */
  readonly text: string;
  readonly slot: number;
  readonly scale: number;
  readonly collector: string;
}

export interface CompiledFamily {
  readonly name: string;
  readonly head: string;
  readonly lines: CompiledLine[];
}

/**
 * Families in the order of their names, each once, whatever number of sources and dialects give to it.
 * Of two series with one name and label set the first wins; of two types or helps too.
 */
export function families(
  all: Iterable<Series>,
  dialects: readonly Dialect[],
  format: Format,
): CompiledFamily[] {
  const byName = new Map<string, CompiledFamily>();
  const seen = new Set<string>();
  for (const series of all) {
    for (const dialect of dialects) {
      const entry = series.signal.dialects[dialect];
      if (entry === undefined || !selected(entry, series.labels)) continue;
      let family = byName.get(entry.name);
      if (family === undefined) {
        family = { name: entry.name, head: head(series, entry, format), lines: [] };
        byName.set(entry.name, family);
      }
      const labels = shownLabels(series, entry);
      const key = entry.name + series.suffix + labelSet(sorted(labels));
      if (seen.has(key)) continue;
      seen.add(key);
      append(family, series, entry, labels, format);
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const selected = (entry: Entry, labels: Labels): boolean =>
  entry.select === undefined || Object.entries(entry.select).every(([k, v]) => labels[k] === v);

const sorted = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

function head(series: Series, entry: Entry, format: Format): string {
  const { signal } = series;
  const type = entry.type ?? signal.type;
  return familyHead(entry.name, type, entry.help ?? signal.help, entry.unit ?? signal.unit, format);
}

/** What the series does not have is left out: to Prometheus an empty label is none, to a reader it is noise. */
function shownLabels(series: Series, entry: Entry): Labels {
  const names = series.signal.labels ?? Object.keys(series.labels);
  const out: Record<string, string> = {};
  for (const [from, to] of Object.entries(entry.labels ?? {})) put(out, to, series.labels[from]);
  if (entry.labels === undefined) for (const name of names) put(out, name, series.labels[name]);
  return out;
}

function put(out: Record<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined) out[name] = value;
}

function append(
  family: CompiledFamily,
  series: Series,
  entry: Entry,
  labels: Labels,
  format: Format,
): void {
  const collector = series.collector;
  const scale = entry.scale ?? 1;
  const line = (suffix: string, set: Labels, slot: number, factor: number): void => {
    family.lines.push({
      text: `${entry.name}${suffix}${labelSet(set)} `,
      slot,
      scale: factor,
      collector,
    });
  };
  const { bounds, slot } = series;
  if (bounds === undefined) {
    line(series.suffix, labels, slot, scale);
    return;
  }
  for (const [i, bound] of bounds.entries()) {
    line('_bucket', { ...labels, le: boundText(bound * scale, format) }, slot + i, 1);
  }
  const count = slot + bounds.length;
  line('_bucket', { ...labels, le: '+Inf' }, count, 1);
  line('_sum', labels, count + 1, scale);
  line('_count', labels, count, 1);
}
