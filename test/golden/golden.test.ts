/**
 * What edgegauge says of each fixture machine, whole. `UPDATE_GOLDEN=1` writes the files anew: read the
 * difference before it is committed.
 */
import { test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../../src/catalog/signal.ts';
import { CONTENT_TYPE, type Format } from '../../src/text/format.ts';
import { complete, ready, scrape, start } from '../edgegauge.ts';
import { normalise } from '../normalise.ts';
import { MACHINES, materialise } from '../trees/write.ts';

const PAGES: readonly (readonly [Dialect, Format])[] = [
  ['native', 'text'],
  ['node', 'text'],
  ['node', 'openmetrics'],
];

/** Lines of a difference that are worth reading. */
const SHOWN = 30;

/** Fails with the lines that are in one of the two alone. */
function compare(file: string, page: string): void {
  const path = join(import.meta.dir, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, page);
  const golden = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (golden === page) return;
  const [was, is] = [golden.split('\n'), page.split('\n')];
  const only = (sign: string, lines: string[], others: string[]): string[] => {
    const there = new Set(others);
    return lines.filter((line) => !there.has(line)).map((line) => `${sign} ${line}`);
  };
  const lines = [...only('-', was, is), ...only('+', is, was)];
  const shown = lines.length === 0 ? ['the order of lines'] : lines.slice(0, SHOWN);
  throw new Error(`${file} differs in ${lines.length} lines:\n${shown.join('\n')}`);
}

test.each(MACHINES)('every page of the %s machine is the one in test/golden', async (name) => {
  using machine = materialise(name);
  // One sample behind the other: nothing in a tree changes.
  const flags = [...machine.flags, '--poll.interval=100ms'];
  await using running = await start(flags, { env: { TZ: 'UTC' } });
  await ready(running);
  await complete(running);
  for (const [dialect, format] of PAGES) {
    const page = await scrape(running, `?dialect=${dialect}`, CONTENT_TYPE[format]);
    compare(`${name}.${dialect}.${format}.txt`, normalise(page, machine));
  }
});
