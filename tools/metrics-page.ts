/** The text of docs/METRICS.md. */
import { CATALOG } from '../src/catalog/index.ts';
import { DIALECTS, type Entry, type Signal } from '../src/catalog/signal.ts';
import { QUERIED, REASONS } from './dashboard-1860.ts';

interface Row {
  readonly name: string;
  readonly dialects: string[];
  readonly type: string;
  readonly unit: string;
  readonly labels: string;
  readonly help: string;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

function labelsOf(signal: Signal, entry: Entry): string {
  if (entry.labels !== undefined) return Object.values(entry.labels).map(code).join(', ');
  if (signal.labels === undefined) return 'those of the file';
  return signal.labels.map(code).join(', ');
}

function rowsOf(collector: string): Row[] {
  const rows = new Map<string, Row>();
  for (const signal of CATALOG) {
    if (signal.collector !== collector) continue;
    for (const dialect of DIALECTS) {
      const entry = signal.dialects[dialect];
      if (entry === undefined) continue;
      const row = rows.get(entry.name);
      if (row !== undefined) {
        if (!row.dialects.includes(dialect)) row.dialects.push(dialect);
        continue;
      }
      rows.set(entry.name, {
        name: entry.name,
        dialects: [dialect],
        type: entry.type ?? signal.type,
        unit: signal.unit,
        labels: labelsOf(signal, entry),
        help: entry.help ?? signal.help,
      });
    }
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function table(rows: readonly Row[]): string {
  const head =
    '| name | dialects | type | unit | labels | what it is |\n|---|---|---|---|---|---|\n';
  const lines = rows.map(
    (r) =>
      `| \`${r.name}\` | ${r.dialects.join(', ')} | ${r.type} | ${r.unit} | ${r.labels} | ${cell(r.help)} |`,
  );
  return `${head}${lines.join('\n')}\n`;
}

/** Every name of one dialect. */
export function namesOf(dialect: (typeof DIALECTS)[number]): Set<string> {
  return new Set(CATALOG.flatMap((s) => s.dialects[dialect]?.name ?? []));
}

/** Names that dashboard 1860 queries and the node dialect does not have, each with the reason (empty: none is known). */
export function missing(): (readonly [string, string])[] {
  const have = namesOf('node');
  return QUERIED.filter((name) => !have.has(name)).map((name) => [
    name,
    REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? '',
  ]);
}

export function metricsPage(): string {
  const collectors = [...new Set(CATALOG.map((s) => s.collector))].sort();
  const sections = collectors.map((c) => `## ${c}\n\n${table(rowsOf(c))}`);
  const absent = missing().map(([name, reason]) => `| \`${name}\` | ${reason} |`);
  return `# Metrics

Made from the catalog (\`src/catalog\`) by \`make docs\`; not to be edited by hand.

One section per collector, as \`collect[]=\` and \`--collector.NAME\` name it. Every series here is on by default
while its collector is; a series whose value is not known is left out, never zero. \`native\` is edgegauge's own
vocabulary, \`node\` that of node_exporter. Base units are seconds, bytes, joules, celsius, hertz.

${sections.join('\n')}
## Node Exporter Full (dashboard 1860)

The dashboard queries ${QUERIED.length} names. The \`node\` dialect has all of them but these:

| name | why not |
|---|---|
${absent.join('\n')}
`;
}
