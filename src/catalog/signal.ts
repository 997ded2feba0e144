/** The vocabulary of the catalog: what a signal is and how a dialect names it. Imports nothing. */

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';

/** A vocabulary that the text face can speak. */
export const DIALECTS = ['native', 'node', 'dcgm'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How one dialect says a signal. Whatever is left out is as the signal has it. */
export interface Entry {
  readonly name: string;
  readonly type?: MetricType;
  readonly help?: string;
  /** The value in this dialect is the board's value times this. */
  readonly scale?: number;
  /** Unit after the scale. */
  readonly unit?: string;
  /** Label or fact of the series → its name in this dialect; one that is not named here is left out. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Only series whose label or fact has this value are in this dialect. */
  readonly select?: Readonly<Record<string, string>>;
}

/** One measurable thing: a row of the catalog. */
export interface Signal {
  /** `collector.key`, unique. */
  readonly id: string;
  /** What `collect[]` and `--collector.X` call the group it belongs to. */
  readonly collector: string;
  /** The setting that switches it, where that is not its collector's own. */
  readonly group?: string | undefined;
  readonly type: MetricType;
  /** Base unit (`bytes`, `seconds`, `joules` …), `''` for a plain number. */
  readonly unit: string;
  readonly help: string;
  /**
   * Labels that are printed, in order, those that the series does not have left out; undefined: all
   * the series has (names known only at run time).
   */
  readonly labels: readonly string[] | undefined;
  readonly dialects: Readonly<Partial<Record<Dialect, Entry>>>;
}

/** A row as a catalog file writes it: a dialect's entry may be the bare name. */
export interface Row {
  readonly type: MetricType;
  readonly unit?: string;
  readonly help: string;
  readonly group?: string;
  readonly labels?: readonly string[];
  readonly native?: string | Entry;
  readonly node?: string | Entry;
  readonly dcgm?: string | Entry;
}

/** One signal from a row. `labels` undefined in the row means that the signal has none. */
export function signal(collector: string, key: string, row: Row): Signal {
  const dialects: Partial<Record<Dialect, Entry>> = {};
  for (const dialect of DIALECTS) {
    const entry = row[dialect];
    if (entry !== undefined)
      dialects[dialect] = typeof entry === 'string' ? { name: entry } : entry;
  }
  return {
    id: `${collector}.${key}`,
    collector,
    group: row.group,
    type: row.type,
    unit: row.unit ?? '',
    help: row.help,
    labels: row.labels ?? [],
    dialects,
  };
}

/** The signals of one collector, under the keys by which its source names them. */
export function signals<K extends string>(
  collector: string,
  rows: Readonly<Record<K, Row>>,
): Readonly<Record<K, Signal>> {
  const out = {} as Record<K, Signal>;
  for (const key of Object.keys(rows) as K[]) out[key] = signal(collector, key, rows[key]);
  return out;
}
