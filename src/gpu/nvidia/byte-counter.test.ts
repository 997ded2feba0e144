import { describe, expect, test } from 'bun:test';
import { ByteCounter } from './byte-counter.ts';

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

  test('what began anew in part is no traffic, and the total does not go back', () => {
    const counter = new ByteCounter();
    counter.add(9000, 0);
    counter.add(8500, 1000);
    expect([counter.total, counter.rate]).toEqual([9000, Number.NaN]);
    counter.add(8700, 2000);
    expect([counter.total, counter.rate]).toEqual([9200, 200]);
  });

  test('two readings of one poll make no rate', () => {
    const counter = new ByteCounter();
    counter.add(1000, 0);
    counter.add(3000, 1000);
    counter.add(3000, 1000);
    counter.add(9000, 1001);
    expect([counter.total, counter.rate]).toEqual([3000, 2000]);
    counter.add(11_000, 3000);
    expect([counter.total, counter.rate]).toEqual([11_000, 4000]);
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
});
