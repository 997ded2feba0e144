/**
 * Metrics that others have written to `*.prom` files: cron jobs, scripts, other exporters. A bad file is
 * named and left out whole; nothing of it is shown.
 */
import type { Paths } from '../../board/paths.ts';
import { SAMPLE, type Source } from '../../board/source.ts';
import { TEXTFILE, textfileSignal } from '../../catalog/host/textfile.ts';
import type { Guard } from '../guard.ts';
import { TextFiles } from './files.ts';
import { merge } from './merge.ts';

export interface TextfileOptions {
  /** Directories of `*.prom` files; may hold `*`, `?` and `[a-z]` (`--collector.textfile.directory`). */
  readonly directory: readonly string[];
}

export const TEXTFILE_DEFAULTS: TextfileOptions = { directory: [] };

/** Told of each problem once, for as long as it lasts. */
export type TextfileComplain = (message: string) => void;

/** Standard error of a probe is the log of the process that serves. */
const toStandardError: TextfileComplain = (message) => console.error(`textfile: ${message}`);

export function textfile(
  _paths: Paths,
  guard: Guard,
  options: TextfileOptions = TEXTFILE_DEFAULTS,
  complain: TextfileComplain = toStandardError,
): Source {
  const files = new TextFiles(options.directory, guard);
  let slots: { readonly slot: number; readonly values: readonly number[] }[] = [];
  let known = new Set<string>();
  /** The discovery that a sample called for has looked at every file already. */
  let called = false;
  let fresh = false;

  return {
    name: 'textfile',
    collectors: ['textfile'],
    discover(draft) {
      if (!called) files.refresh();
      fresh = called;
      called = false;
      const read = files.files.filter((file) => file.error === undefined);
      const { families, problems, refused } = merge(read);
      slots = [];
      for (const { name, type, help, series } of families) {
        for (const { labels, suffix, bounds, values } of series) {
          const signal = textfileSignal(name, type, help, bounds);
          const options = bounds === undefined ? { suffix } : { bounds };
          slots.push({ slot: draft.slot(signal, labels, options), values });
        }
      }
      for (const { path, mtime } of read) {
        if (refused.has(path)) continue;
        slots.push({ slot: draft.slot(TEXTFILE.mtime, { file: path }), values: [mtime] });
      }
      const wrong = new Set([
        ...files.errors,
        ...files.files.flatMap(({ path, error }) => (error ? [`${path}: ${error}`] : [])),
        ...problems.map(({ path, message }) => `${path}: ${message}`),
      ]);
      const error = wrong.size > 0 ? 1 : 0;
      slots.push({ slot: draft.slot(TEXTFILE.scrapeError), values: [error] });
      for (const message of wrong) if (!known.has(message)) complain(message);
      known = wrong;
    },
    sample(values) {
      if (!fresh && files.refresh()) {
        called = true;
        return SAMPLE.rescan;
      }
      fresh = false;
      for (const one of slots) values.set(one.values, one.slot);
      return SAMPLE.ok;
    },
    close() {},
  };
}
