import { type MetricType, type Signal, signals } from '../signal.ts';

/** About the files of the textfile collector; what is in them has its own names. */
export const TEXTFILE = signals('textfile', {
  mtime: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of the last change of each file that was read without an error.',
    labels: ['file'],
    native: 'textfile_mtime_seconds',
    node: 'node_textfile_mtime_seconds',
  },
  scrapeError: {
    type: 'gauge',
    help: 'Whether a directory or a file could not be read, or contradicts itself or another file.',
    native: 'textfile_scrape_error',
    node: 'node_textfile_scrape_error',
  },
});

/**
 * A family that was found in a file: it has its own name in every dialect, and whatever labels it came
 * with. `bounds`: of a histogram, one signal per set of bounds.
 */
export function textfileSignal(
  name: string,
  type: MetricType,
  help: string,
  bounds?: readonly number[],
): Signal {
  return {
    // A series keeps its block for as long as its signal's id is the same: what else must not change is in it.
    id: `textfile.${JSON.stringify([name, type, help, bounds])}`,
    collector: 'textfile',
    type,
    unit: '',
    help,
    labels: undefined,
    dialects: { native: { name }, node: { name } },
  };
}
