import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { until } from './stage.fixture.ts';
import { nextDue, Ticker } from './ticker.ts';

test('nextDue() stays on the grid, lies ahead, and by no more than an interval', () => {
  const ms = fc.nat(100_000);
  fc.assert(
    fc.property(ms, ms, fc.integer({ min: 1, max: 60_000 }), (due, late, interval) => {
      const next = nextDue(due, due + late, interval);
      expect((next - due) % interval).toBe(0);
      expect(next).toBeGreaterThan(due + late);
      expect(next).toBeLessThanOrEqual(due + late + interval);
    }),
  );
});

test('nextDue() of a tick that came early is the next one, not the same again', () => {
  expect(nextDue(1000, 999.7, 10)).toBe(1010);
});

test('restart() ticks at once and stop() ends it, from within a tick too', async () => {
  let ticks = 0;
  const ticker = new Ticker(() => {
    ticks++;
    if (ticks === 2) ticker.stop();
  });
  ticker.restart(3_600_000);
  await until(
    () => 'a tick',
    () => ticks === 1,
  );
  ticker.restart(1);
  await until(
    () => 'the second tick',
    () => ticks === 2,
  );
  const other = Promise.withResolvers<void>();
  const later = new Ticker(other.resolve);
  later.restart(20);
  await other.promise;
  later.stop();
  expect(ticks).toBe(2);
});
