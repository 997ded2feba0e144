import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_NAMES } from '../src/catalog/serving.ts';
import { ENGINES } from '../src/serving/engines/index.ts';
import { servingPage } from './serving-page.ts';

test('docs/SERVING.md is what the table of engines says', () => {
  const file = join(import.meta.dir, '..', 'docs', 'SERVING.md');
  expect(readFileSync(file, 'utf8') === servingPage()).toBe(true);
});

test('the names of engines that the catalog tells are those of the table', () => {
  expect([...new Set(ENGINES.map((e) => e.name))].sort()).toEqual([...ENGINE_NAMES].sort());
});
