import { expect, test } from 'bun:test';
import { cpuList, hex, pick, picks, range } from './number.ts';

test('pick() gives the same whole number within its bounds for the same words', () => {
  for (const [low, high] of [
    [0, 2],
    [1.5, 9.25],
    [1e14, 8e15],
  ] as const) {
    for (const words of ['a', 'b', 'rx bytes', 'ß']) {
      const value = pick(words, low, high);
      expect(Number.isInteger(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(Math.floor(low));
      expect(value).toBeLessThan(high);
      expect(pick(words, low, high)).toBe(value);
    }
  }
});

test('picks() gives numbers that differ', () => {
  expect(new Set(picks('column', 1_000, 0, 1e12)).size).toBe(1_000);
});

test('cpuList() joins neighbours as the kernel does', () => {
  expect(cpuList([])).toBe('');
  expect(cpuList([4])).toBe('4');
  expect(cpuList([0, 1, 2, 8, 10, 11])).toBe('0-2,8,10-11');
});

test('hex() pads and range() counts', () => {
  expect(hex(255, 8)).toBe('000000ff');
  expect(range(3)).toEqual([0, 1, 2]);
});
