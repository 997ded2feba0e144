import { expect, test } from 'bun:test';
import { Revival } from './revival.ts';

const SECOND = 1000;

test('a GPU that was lost is asked two seconds later, and then every two seconds', () => {
  const revival = new Revival();
  revival.lost('a', 0);
  expect(revival.mayAsk('a', 2 * SECOND - 1)).toBe(false);
  expect(revival.mayAsk('a', 2 * SECOND)).toBe(true);
  revival.silent('a', 2 * SECOND);
  expect(revival.mayAsk('a', 3 * SECOND)).toBe(false);
  expect(revival.mayAsk('a', 4 * SECOND)).toBe(true);
});

test('one that comes and goes is asked ever more seldom, a minute apart at most', () => {
  const revival = new Revival();
  const waits: number[] = [];
  let now = 0;
  for (let i = 0; i < 8; i++) {
    revival.lost('a', now);
    let wait = 0;
    while (!revival.mayAsk('a', now + wait)) wait += SECOND;
    waits.push(wait / SECOND);
    now += wait + SECOND;
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
});

test('one that was well for a minute is asked soon again', () => {
  const revival = new Revival();
  revival.lost('a', 0);
  revival.lost('a', 3 * SECOND);
  revival.lost('a', 100 * SECOND);
  expect(revival.mayAsk('a', 102 * SECOND)).toBe(true);
});

test('one that was never lost may be asked', () => {
  expect(new Revival().mayAsk('a', 0)).toBe(true);
});

test('NVML may be initialised again at once when no GPU answers', () => {
  const revival = new Revival();
  expect([0, 1, 2].map((now) => revival.mayReset(now, true, 0))).toEqual([true, true, true]);
});

test('for the sake of one of several GPUs it may after a minute, then ever more seldom', () => {
  const revival = new Revival();
  const times: number[] = [];
  for (let s = 0; s <= 2600; s += 10) {
    if (revival.mayReset(s * SECOND, true, 7)) times.push(s);
  }
  expect(times).toEqual([60, 180, 420, 900, 1500, 2100]);
});

test('it never may while every GPU answers, and that ends the waiting', () => {
  const revival = new Revival();
  revival.mayReset(0, true, 7);
  expect(revival.mayReset(70 * SECOND, false, 8)).toBe(false);
  expect(revival.mayReset(71 * SECOND, true, 7)).toBe(false);
});
