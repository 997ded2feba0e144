import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { RateLimit } from './rate-limit.ts';

test('lets as many pass at once as the burst says, then one with each interval', () => {
  const limit = new RateLimit(1000, 3, 0);
  const passes = (now: number, times: number): boolean[] =>
    Array.from({ length: times }, () => limit.pass(now));
  expect(passes(0, 5)).toEqual([true, true, true, false, false]);
  expect(passes(999, 1)).toEqual([false]);
  expect(passes(1000, 2)).toEqual([true, false]);
  expect(passes(3500, 3)).toEqual([true, true, false]);
});

test('saves up no more than the burst', () => {
  const limit = new RateLimit(10, 2, 0);
  const passed = Array.from({ length: 10 }, () => limit.pass(1e9)).filter(Boolean);
  expect(passed.length).toBe(2);
});

test('says how long to wait in whole seconds, and then one passes', () => {
  const limit = new RateLimit(2500, 1, 0);
  expect(limit.pass(0)).toBe(true);
  expect(limit.pass(0)).toBe(false);
  expect(limit.wait).toBe(3);
  expect(limit.pass(3000)).toBe(true);
  const fast = new RateLimit(1, 1, 0);
  fast.pass(0);
  expect(fast.wait).toBe(1);
});

test('never lets more pass in a time than the burst and one for each interval in it', () => {
  const steps = fc.array(fc.nat(50), { maxLength: 200 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      steps,
      (interval, burst, waits) => {
        const limit = new RateLimit(interval, burst, 0);
        let now = 0;
        let passed = 0;
        for (const wait of waits) {
          now += wait;
          if (limit.pass(now)) passed++;
        }
        expect(passed).toBeLessThanOrEqual(burst + now / interval + 1e-6);
      },
    ),
  );
});
