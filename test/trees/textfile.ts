import { lines, put, type Tree } from './tree.ts';

/** Where the tree keeps its textfile collector directory: Debian's default. */
export const TEXTFILE_DIRECTORY = 'var/lib/prometheus/node-exporter';

/**
 * Adds two good files, one bad one and one that is not meant for the collector. The good ones share
 * a family, whose samples have to come out as one.
 */
export function textfile(tree: Tree, host: string): void {
  lines(tree, `${TEXTFILE_DIRECTORY}/backup.prom`, [
    '# HELP fixture_backup_last_success_timestamp_seconds When the last backup ended well.',
    '# TYPE fixture_backup_last_success_timestamp_seconds gauge',
    `fixture_backup_last_success_timestamp_seconds{host="${host}",target="a \\"quoted\\" \\\\ one\\nand more"} 1.7640001235e+09`,
    '# HELP fixture_jobs_total Jobs run, by kind.',
    '# TYPE fixture_jobs_total counter',
    'fixture_jobs_total{kind="backup"} 41',
    '# HELP fixture_job_duration_seconds How long jobs took.',
    '# TYPE fixture_job_duration_seconds histogram',
    'fixture_job_duration_seconds_bucket{le="1"} 3',
    'fixture_job_duration_seconds_bucket{le="10"} 17',
    'fixture_job_duration_seconds_bucket{le="+Inf"} 23',
    'fixture_job_duration_seconds_sum 431.5',
    'fixture_job_duration_seconds_count 23',
  ]);
  lines(tree, `${TEXTFILE_DIRECTORY}/jobs.prom`, [
    '# HELP fixture_jobs_total Jobs run, by kind.',
    '# TYPE fixture_jobs_total counter',
    'fixture_jobs_total{kind="scrub"} 9007199254740993',
    'fixture_untyped_without_help{state="änderung"} -12.75',
    'fixture_not_a_number NaN',
    '# TYPE fixture_latency_seconds summary',
    'fixture_latency_seconds{quantile="0.5"} 0.25',
    'fixture_latency_seconds{quantile="0.99"} 1.5',
    'fixture_latency_seconds_sum 88.5',
    'fixture_latency_seconds_count 301',
  ]);
  lines(tree, `${TEXTFILE_DIRECTORY}/broken.prom`, [
    '# TYPE fixture_broken gauge',
    'fixture_broken{state="half 3',
  ]);
  put(tree, `${TEXTFILE_DIRECTORY}/notes.txt`, 'not for the collector {{{\n');
}
