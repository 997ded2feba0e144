import { expect, test } from 'bun:test';
import { Backoff } from './backoff.ts';

const several = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next());

test('Backoff doubles from the first delay to the last and stays there', () => {
  expect(several(new Backoff(10, 60), 6)).toEqual([10, 20, 40, 60, 60, 60]);
  expect(several(new Backoff(5, 5), 2)).toEqual([5, 5]);
});

test('reset() starts from the first delay again', () => {
  const backoff = new Backoff(1, 100);
  several(backoff, 5);
  backoff.reset();
  expect(several(backoff, 3)).toEqual([1, 2, 4]);
});

test('two of them know nothing of each other', () => {
  const [one, two] = [new Backoff(1, 100), new Backoff(1, 100)];
  several(one, 3);
  expect(two.next()).toBe(1);
});
