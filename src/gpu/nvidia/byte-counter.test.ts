import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ByteCounter } from './byte-counter.ts';

const WRAP = 2 ** 32;

describe('ByteCounter', () => {
  test('begins with what the driver has counted, without a rate', () => {
    const counter = new ByteCounter();
    expect([counter.total, counter.rate]).toEqual([Number.NaN, Number.NaN]);
    counter.add(700, 1000);
    expect([counter.total, counter.rate]).toEqual([700, Number.NaN]);
  });

  test('the rate is per second, whatever the time between polls', () => {
    const counter = new ByteCounter();
    counter.add(700, 1000);
    counter.add(1700, 3000);
    expect([counter.total, counter.rate]).toEqual([1700, 500]);
  });

  test('goes on where 32 bits wrap', () => {
    const counter = new ByteCounter();
    counter.add(WRAP - 100, 0);
    counter.add(50, 1000);
    expect([counter.total, counter.rate]).toEqual([WRAP + 50, 150]);
  });

  test('counts as many wraps as another measurement says', () => {
    const counter = new ByteCounter();
    counter.add(1000, 0);
    counter.add(2000, 1000, 5.2 * WRAP);
    expect(counter.total).toBe(5 * WRAP + 2000);
    expect(counter.rate).toBe(5 * WRAP + 1000);
  });

  test('a counter of 64 bits is taken as it is, and begins anew when it goes back', () => {
    const counter = new ByteCounter();
    counter.add(3 * WRAP, 0);
    counter.add(5 * WRAP, 1000);
    expect(counter.total).toBe(5 * WRAP);
    counter.add(10, 2000);
    expect(counter.total).toBe(5 * WRAP + 10);
  });

  test('what is not known is not known, and the next reading begins anew', () => {
    const counter = new ByteCounter();
    counter.add(100, 0);
    counter.add(Number.NaN, 1000);
    expect([counter.total, counter.rate]).toEqual([Number.NaN, Number.NaN]);
    counter.add(400, 2000);
    expect([counter.total, counter.rate]).toEqual([400, Number.NaN]);
    counter.add(500, 3000);
    expect([counter.total, counter.rate]).toEqual([500, 100]);
  });

  test('any traffic below one wrap per poll is counted exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: WRAP - 1 }), { minLength: 1 }), (deltas) => {
        const counter = new ByteCounter();
        let sum = 123;
        counter.add(sum, 0);
        for (const [i, delta] of deltas.entries()) {
          sum += delta;
          counter.add(sum % WRAP, 1000 * (i + 1));
          expect(counter.total).toBe(sum);
          expect(counter.rate).toBe(delta);
        }
      }),
    );
  });
});
