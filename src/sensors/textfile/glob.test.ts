import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glob } from './glob.ts';

const root = mkdtempSync(join(tmpdir(), 'edgegauge-glob-'));
for (const name of [
  'a1/metrics',
  'a2/metrics',
  'b1/metrics',
  'a.1',
  'a[1]',
  '.hidden',
  'a3/other',
]) {
  mkdirSync(join(root, name), { recursive: true });
}
afterAll(() => rmSync(root, { recursive: true }));

const found = (pattern: string): string[] =>
  glob(`${root}/${pattern}`).map((path) => path.slice(root.length + 1));

describe('glob()', () => {
  for (const [pattern, expected] of [
    ['a*', ['a.1', 'a1', 'a2', 'a3', 'a[1]']],
    ['?1', ['a1', 'b1']],
    ['[ab]1', ['a1', 'b1']],
    ['[^a]1', ['b1']],
    ['[a-c][2-9]', ['a2', 'a3']],
    ['*/metrics', ['a1/metrics', 'a2/metrics', 'b1/metrics']],
    ['a?/*', ['a1/metrics', 'a2/metrics', 'a3/other']],
    ['a.*', ['a.1']],
    ['a\\[1\\]', ['a[1]']],
    ['*hidden', ['.hidden']],
  ] as const) {
    test(`finds ${expected.join(' ')} by ${pattern}`, () => {
      expect(found(pattern)).toEqual([...expected]);
    });
  }

  test('takes a pattern that matches nothing for a path, and a path for itself', () => {
    expect(found('nothing/*')).toEqual(['nothing/*']);
    expect(found('a[1')).toEqual(['a[1']);
    expect(found('not/there')).toEqual(['not/there']);
    expect(glob('')).toEqual(['']);
  });

  test('finds the root', () => expect(glob('/pro[c]')).toEqual(['/proc']));
});
