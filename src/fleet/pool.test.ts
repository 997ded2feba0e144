import { expect, test } from 'bun:test';
import { pooled } from './pool.ts';

test('pooled() does no more at once than it may, and answers in order', async () => {
  let running = 0;
  let most = 0;
  const results = await pooled([30, 1, 20, 1, 10], 2, async (ms) => {
    most = Math.max(most, ++running);
    await Bun.sleep(ms);
    running--;
    return ms * 2;
  });
  expect(results).toEqual([60, 2, 40, 2, 20]);
  expect(most).toBe(2);
});

test('pooled() has nothing to do for nothing', async () => {
  expect(await pooled([], 8, async () => 1)).toEqual([]);
});
