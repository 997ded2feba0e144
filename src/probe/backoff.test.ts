import { expect, test } from 'bun:test';
import { Backoff } from './backoff.ts';

const several = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next());

test('Backoff doubles from the first delay to the last and stays there', () => {
  expect(several(new Backoff({ first: 10, last: 60 }), 6)).toEqual([10, 20, 40, 60, 60, 60]);
  expect(several(new Backoff({ first: 5, last: 5 }), 2)).toEqual([5, 5]);
});

test('reset() starts from the first delay again', () => {
  const backoff = new Backoff({ first: 1, last: 100 });
  several(backoff, 5);
  backoff.reset();
  expect(several(backoff, 3)).toEqual([1, 2, 4]);
});

test('delays stay at `soon` for a minute in all before they double on', () => {
  const backoff = new Backoff({ first: 5000, soon: 10_000, last: 60_000 });
  const [a, b, c] = [5000, 10_000, 20_000];
  expect(several(backoff, 10)).toEqual([a, b, b, b, b, b, b, c, 2 * c, 3 * c]);
  expect(several(backoff, 2)).toEqual([3 * c, 3 * c]);
  backoff.reset();
  expect(several(backoff, 7)).toEqual([a, b, b, b, b, b, b]);
});

test('two of them know nothing of each other', () => {
  const [one, two] = [new Backoff({ first: 1, last: 100 }), new Backoff({ first: 1, last: 100 })];
  several(one, 3);
  expect(two.next()).toBe(1);
});
