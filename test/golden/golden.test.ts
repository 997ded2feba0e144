/**
 * What edgegauge says of each fixture machine, whole. `UPDATE_GOLDEN=1` writes the files anew: read the
 * difference before it is committed.
 */
import { test } from 'bun:test';
import type { Dialect } from '../../src/catalog/signal.ts';
import { CONTENT_TYPE, type Format } from '../../src/text/format.ts';
import { complete, ready, scrape, start } from '../edgegauge.ts';
import { normalise } from '../normalise.ts';
import { MACHINES, materialise } from '../trees/write.ts';
import { compare } from './compare.ts';

const PAGES: readonly (readonly [Dialect, Format])[] = [
  ['native', 'text'],
  ['node', 'text'],
  ['node', 'openmetrics'],
];

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
