/** The two text formats and how each writes a family's head, a name and a label set. */
import { DIALECTS, type Dialect, type Entry, type MetricType } from '../catalog/signal.ts';

export const FORMATS = ['text', 'openmetrics'] as const;
/** `text`: Prometheus text 0.0.4. `openmetrics`: OpenMetrics 1.0.0. */
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Backslash and line feed in HELP (text 0.0.4); OpenMetrics escapes quotes too. */
export function escapeHelp(help: string, format: Format): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

/** Backslash, double quote and line feed in a label's value. */
export function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** `{a="b",c="d"}`, or nothing for no labels. */
export function labelSet(labels: Readonly<Record<string, string>>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(labels)) parts.push(`${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** `1` is `1.0` as an OpenMetrics bucket bound, `1` in the text format. */
export function boundText(bound: number, format: Format): string {
  const text = String(bound);
  return format === 'openmetrics' && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/**
 * HELP, TYPE and UNIT of a family. OpenMetrics names a counter's family without `_total`; a counter
 * that has no `_total` is `unknown` there, since samples are never renamed.
 */
export function familyHead(
  name: string,
  type: MetricType,
  help: string,
  unit: string,
  format: Format,
): string {
  const text = escapeHelp(help, format);
  if (format === 'text') {
    const shown = type === 'unknown' ? 'untyped' : type;
    return `# HELP ${name} ${text}\n# TYPE ${name} ${shown}\n`;
  }
  const total = type === 'counter' && name.endsWith('_total');
  const family = total ? name.slice(0, -'_total'.length) : name;
  const shown = type === 'counter' && !total ? 'unknown' : type;
  const unitLine = unit !== '' && family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : '';
  return `# HELP ${family} ${text}\n# TYPE ${family} ${shown}\n${unitLine}`;
}

export { DIALECTS, type Dialect, type Entry };
