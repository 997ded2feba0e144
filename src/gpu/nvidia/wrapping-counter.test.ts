import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { WRAP, WrappingCounter } from './wrapping-counter.ts';

describe('WrappingCounter', () => {
  test('begins with what the driver has counted', () => {
    const counter = new WrappingCounter();
    expect(counter.total).toBeNaN();
    counter.add(700, Number.NaN);
    expect(counter.total).toBe(700);
  });

  test('counts any traffic exactly, if the other measurement is off by less than a quarter of a wrap', () => {
    const off = fc.double({ min: -WRAP / 4 + 1, max: WRAP / 4 - 1, noNaN: true });
    const went = fc.nat({ max: 100 * WRAP });
    fc.assert(
      fc.property(fc.array(fc.tuple(went, off), { minLength: 1 }), (polls) => {
        const counter = new WrappingCounter();
        let sum = 123;
        counter.add(sum, Number.NaN);
        for (const [delta, error] of polls) {
          sum += delta;
          counter.add(sum % WRAP, Math.max(0, delta + error));
          expect(counter.total).toBe(sum);
        }
      }),
    );
  });

  test('says nothing where the two differ more, and no more when they go on to', () => {
    const counter = new WrappingCounter();
    counter.add(0, Number.NaN);
    counter.add(0, 0.4 * WRAP);
    expect(counter.total).toBeNaN();
    counter.add(10, 10);
    expect(counter.total).toBe(10);
    for (let i = 0; i < 3; i++) counter.add(10, 0.4 * WRAP);
    counter.add(20, 10);
    expect(counter.total).toBeNaN();
  });

  test('what nobody measured is not counted, and the total does not go back', () => {
    const counter = new WrappingCounter();
    counter.add(1000, Number.NaN);
    counter.add(Number.NaN, 500);
    expect(counter.total).toBeNaN();
    counter.add(200, Number.NaN);
    expect(counter.total).toBeNaN();
    counter.add(300, 100);
    expect(counter.total).toBe(1100);
  });

  test('one that has more than 32 bits is taken as it is', () => {
    const counter = new WrappingCounter();
    counter.add(3 * WRAP, Number.NaN);
    counter.add(5 * WRAP, Number.NaN);
    expect(counter.total).toBe(5 * WRAP);
    counter.add(10, 0);
    expect(counter.total).toBe(5 * WRAP);
    counter.add(30, 0);
    expect(counter.total).toBe(5 * WRAP + 20);
  });
});
