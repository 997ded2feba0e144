import type { Outcome } from './deploy.ts';

/** One line per machine, failed ones last, where they are seen. */
export function table(outcomes: readonly Outcome[]): string {
  const failed = (o: Outcome): number => (o.result === 'failed' ? 1 : 0);
  const rows = [...outcomes]
    .sort((a, b) => failed(a) - failed(b))
    .map((o) => [o.host, o.result, o.seconds.toFixed(1), o.detail]);
  const all = [['HOST', 'RESULT', 'SECONDS', 'DETAIL'], ...rows];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return `${all.map((row) => line(row).trimEnd()).join('\n')}\n`;
}
