import { expect, test } from 'bun:test';
import { fitting } from './budget.ts';
import type { Value } from './memory.ts';

const value = (model: string, size: number): Value => ({
  signal: 'duration',
  labels: { model },
  bounds: undefined,
  values: new Float64Array(size),
});

test('what fits on a page stays, as it is', () => {
  const values = Array.from({ length: 50 }, (_, i) => value(`model-${i}`, 30));
  expect(fitting(values)).toBe(values);
});

test('of what does not, the first is kept', () => {
  const values = Array.from({ length: 200 }, (_, i) => value(`${i}`.padStart(1000, 'x'), 100));
  const kept = fitting(values);
  expect(kept.length).toBeGreaterThan(50);
  expect(kept.length * 100 * 1000).toBeLessThan(8 * 1024 * 1024);
  expect(kept).toEqual(values.slice(0, kept.length));
  expect(fitting([value('m', 100_000)])).toEqual([]);
});
