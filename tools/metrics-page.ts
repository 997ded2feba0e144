/** The text of docs/METRICS.md. */
import { DCGM_LABELS } from '../src/catalog/gpu/gpu.ts';
import { CATALOG } from '../src/catalog/index.ts';
import { DIALECTS, type Entry, type Signal } from '../src/catalog/signal.ts';
import { SETTING_BY_PATH } from '../src/config/settings.ts';
import { DIFFERENCES, type Difference } from '../test/differences.ts';
import { QUERIED, REASONS } from './dashboard-1860.ts';
import { DCGM_DIFFERENCES, DCGM_METRICS, DCGM_REASONS } from './dcgm-metrics.ts';

interface Row {
  readonly name: string;
  readonly dialects: string[];
  readonly type: string;
  readonly unit: string;
  readonly labels: string;
  readonly help: string;
}

/** Names that a difference lists before it counts the rest. */
const SHOWN = 10;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

const DCGM = Object.values(DCGM_LABELS);

function labelsOf(signal: Signal, entry: Entry): string {
  if (entry.labels !== undefined) {
    const names = Object.values(entry.labels);
    if (!DCGM.every((name) => names.includes(name))) return names.map(code).join(', ');
    const extra = names.filter((name) => !DCGM.includes(name)).map(code);
    return ["DCGM's", ...extra].join(', ');
  }
  if (signal.labels === undefined) return 'those of the file';
  return signal.labels.map(code).join(', ');
}

function rowsOf(signals: readonly Signal[]): Row[] {
  const rows = new Map<string, Row>();
  for (const signal of signals) {
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
        unit: entry.unit ?? signal.unit,
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

/** The signals of a collector; those that a setting of their own switches have a part of their own. */
function section(collector: string): string {
  const mine = CATALOG.filter((s) => s.collector === collector);
  const order = [undefined, ...SETTING_BY_PATH.keys()];
  const groups = order.filter((group) => mine.some((s) => s.group === group));
  const parts = groups.map((group) => {
    const rows = table(rowsOf(mine.filter((s) => s.group === group)));
    if (group === undefined) return rows;
    const { default: value, help } = SETTING_BY_PATH.get(group) ?? {};
    return `### ${group}\n\n${help} By default: ${value === true ? 'on' : 'off'}.\n\n${rows}`;
  });
  return `## ${collector}\n\n${parts.join('\n')}`;
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

/** dcgm-exporter's metrics: name, on by default there, reason why the dialect lacks it (empty: none is known; undefined: it has it). */
export function dcgmMetrics(): (readonly [string, boolean, string | undefined])[] {
  const have = new Set([...namesOf('dcgm'), ...DCGM]);
  return DCGM_METRICS.map(({ name, on }) => {
    const reason = DCGM_REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? '';
    return [name, on, have.has(name) ? undefined : reason];
  });
}

const WHO: Readonly<Record<Difference['only'], string>> = {
  node_exporter: 'Of node_exporter alone',
  edgegauge: 'Of edgegauge alone',
  neither: 'Not always the same',
};

/** What test/differences.ts lists: a name may have two reasons there, by its labels. */
function nodeDifferences(): string {
  return DIFFERENCES.map(({ only, names, labels = {}, reason }) => {
    const which = Object.entries(labels).map(([k, of]) => ` with ${k} ${of.map(code).join(', ')}`);
    const shown =
      names.length > SHOWN ? [...names.slice(0, SHOWN), `and ${names.length - SHOWN} more`] : names;
    const list = shown.map((name) => (name.startsWith('and ') ? name : code(name))).join(', ');
    return `- ${WHO[only]}: ${list}${which.join('')}. ${reason}`;
  }).join('\n');
}

function dcgmSection(): string {
  const rows = dcgmMetrics().map(
    ([name, on, reason]) => `| \`${name}\` | ${on ? 'on' : 'off'} | ${reason ?? 'there'} |`,
  );
  return `## dcgm-exporter

Names of the \`dcgm\` dialect carry dcgm-exporter's labels: ${DCGM.map(code).join(', ')};
those that a GPU has no value for are left out. What dcgm-exporter itself offers:

| name | default there | here |
|---|---|---|
${rows.join('\n')}

Differences:

${DCGM_DIFFERENCES.map((text) => `- ${text}`).join('\n')}
`;
}

/** Names that users ask for and that have no source here: what they would be, and where to look instead. */
const NOWHERE: readonly (readonly [string, string])[] = [
  [
    'gpu_nccl_send_bytes_total',
    "NCCL counts no bytes that another process could read (docs/adr/0014). What it moves is in `gpu_nvlink_transmit_bytes_total`, `gpu_pcie_tx_bytes` and the InfiniBand collector; what NCCL's inspector plug-in writes, the textfile collector shows.",
  ],
  ['gpu_nccl_recv_bytes_total', 'The same of what is received.'],
];

export function metricsPage(): string {
  const collectors = [...new Set(CATALOG.map((s) => s.collector))].sort();
  const sections = collectors.map(section);
  const absent = missing().map(([name, reason]) => `| \`${name}\` | ${reason} |`);
  const nowhere = NOWHERE.map(([name, reason]) => `| \`${name}\` | ${reason} |`);
  return `# Metrics

Made from the catalog (\`src/catalog\`) by \`make docs\`; not to be edited by hand.

One section per collector, as \`collect[]=\` and \`--collector.NAME\` name it. Every series here is on by default
while its collector is, unless its part says otherwise; a series whose value is not known is left out, never
zero. \`native\` is edgegauge's own vocabulary, \`node\` that of node_exporter, \`dcgm\` that of dcgm-exporter. Base units are seconds, bytes, joules, celsius, hertz.

${sections.join('\n')}
## Not here

| name | why |
|---|---|
${nowhere.join('\n')}

## node_exporter

The \`node\` dialect has the names, types, labels and values of node_exporter 1.9 and its default collectors. The
tests compare the two on three fixture machines and on the one that they run on. What may differ:

${nodeDifferences()}

## Node Exporter Full (dashboard 1860)

The dashboard queries ${QUERIED.length} names. The \`node\` dialect has all of them but these:

| name | why not |
|---|---|
${absent.join('\n')}

${dcgmSection()}`;
}
