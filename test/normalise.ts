/** What a page of a fixture machine says of the machine and the moment that the test runs on. */
import type { Materialised } from './trees/write.ts';

/** Series whose value is not the fixture's: clocks, the running kernel, the process, and statfs(2) of the directory it lies in. */
const LIVE = new RegExp(
  `^(${[
    'process_\\w+',
    'edgegauge_(source_duration|source_last_success_timestamp|probe_sample_timestamp)_seconds',
    'edgegauge_config_last_reload_success_timestamp_seconds',
    'edgegauge_(scrape_duration_seconds|response_bytes)_(bucket|sum|count)',
    'edgegauge_scrapes_(total|in_flight)',
    'edgegauge_memory_\\w+',
    'node_scrape_collector_duration_seconds',
    'node_timex_\\w+',
    'node_time_seconds',
    'node_filesystem_((size|free|avail)_bytes|files|files_free)',
    'storage_(size_bytes|available_bytes|used_percent)',
  ].join('|')})(?=[{ ])`,
);

/** Labels of the same kind, by series. */
const LIVE_LABELS: readonly (readonly [series: RegExp, labels: RegExp])[] = [
  [/^edgegauge_build_info\{/, /\b(version|revision|runtime|arch)="[^"]*"/g],
  [/^host_info\{/, /\b(hostname|kernel|arch)="[^"]*"/g],
  [/^node_uname_info\{/, /\b(\w+)="[^"]*"/g],
];

/** Left out where there is no limit. */
const OPTIONAL = /^(# \w+ )?process_virtual_memory_max_bytes /;

/** Whether the value of a line of a page, which starts with the name of the series, is one of those. */
export const isLive = (line: string): boolean => LIVE.test(line);

/** The page with those values as NaN, those labels empty and the machine at `/`: the same everywhere. */
export function normalise(page: string, machine: Materialised): string {
  const lines = page.replaceAll(machine.rootfs, '').split('\n');
  return lines.flatMap((line) => (OPTIONAL.test(line) ? [] : [normaliseLine(line)])).join('\n');
}

function normaliseLine(line: string): string {
  if (line.startsWith('#')) return line;
  const [, labels] = LIVE_LABELS.find(([series]) => series.test(line)) ?? [];
  if (labels !== undefined) return line.replaceAll(labels, '$1=""');
  return isLive(line) ? line.replace(/ \S+$/, ' NaN') : line;
}
