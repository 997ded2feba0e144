/** Makes one set of families of those of several files. */
import type { MetricType } from '../../catalog/signal.ts';
import type { TextFamily, TextSeries } from './parse.ts';

export interface ParsedFile {
  readonly path: string;
  readonly families: readonly TextFamily[];
}

export interface MergedFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly series: TextSeries[];
}

export interface Merged {
  readonly families: readonly MergedFamily[];
  /** Files of which everything, or a family, was left out, and why. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** Files that were left out whole. */
  readonly refused: ReadonlySet<string>;
}

interface Known {
  readonly name: string;
  readonly type: MetricType;
  readonly file: string;
  help: string | undefined;
  /** File that `help` is from. */
  helpFile: string;
  readonly series: TextSeries[];
  /** Sample lines, and the file that has them. */
  readonly samples: Map<string, string>;
}

/**
 * Earlier files win. A later file that contradicts them in a type, or repeats a sample, is left out
 * whole; where only the text of HELP differs, that family of it is.
 */
export function merge(files: readonly ParsedFile[]): Merged {
  const known = new Map<string, Known>();
  const problems: { path: string; message: string }[] = [];
  const refused = new Set<string>();
  for (const { path, families } of files) {
    const taken = families.filter((family) => {
      const before = known.get(family.name);
      if (before?.help === undefined || family.help === undefined) return true;
      if (before.help === family.help) return true;
      const message = `HELP of ${family.name} is another one in ${before.helpFile}`;
      problems.push({ path, message });
      return false;
    });
    const conflict = taken.map((family) => conflictOf(family, known)).find((c) => c !== undefined);
    if (conflict !== undefined) {
      problems.push({ path, message: conflict });
      refused.add(path);
      continue;
    }
    for (const family of taken) add(family, path, known);
  }
  const merged = [...known.values()].map(({ name, type, help, file, series }) => ({
    name,
    type,
    help: help ?? `Read from ${file}.`,
    series,
  }));
  return { families: merged, problems, refused };
}

function conflictOf(family: TextFamily, known: ReadonlyMap<string, Known>): string | undefined {
  const before = known.get(family.name);
  if (before === undefined) return undefined;
  if (before.type !== family.type) {
    return `TYPE of ${family.name} is ${family.type} here and ${before.type} in ${before.file}`;
  }
  for (const [sample, line] of family.samples) {
    const file = before.samples.get(sample);
    if (file !== undefined) return `line ${line}: a sample of ${family.name} is in ${file} too`;
  }
  return undefined;
}

function add(family: TextFamily, path: string, known: Map<string, Known>): void {
  const { name, type, help } = family;
  let whole = known.get(name);
  if (whole === undefined) {
    whole = { name, type, file: path, help, helpFile: path, series: [], samples: new Map() };
    known.set(name, whole);
  } else if (whole.help === undefined && help !== undefined) {
    whole.help = help;
    whole.helpFile = path;
  }
  whole.series.push(...family.series);
  for (const sample of family.samples.keys()) whole.samples.set(sample, path);
}
