import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  countWord,
  endOfLine,
  indexOfWord,
  skipBlanks,
  skipColumns,
  skipToken,
  standsAt,
} from './walk.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('skipColumns() stands at the start of a token, or at the end of the line', () => {
  const line = bytes('  a\tbb  c\nd');
  expect([0, 1, 2, 3, 4].map((n) => skipColumns(line, 0, line.length, n))).toEqual([2, 4, 8, 9, 9]);
});

test('endOfLine() never looks past the length', () => {
  const stale = bytes('ab\ncd\nef');
  expect(endOfLine(stale, 0, 8)).toBe(2);
  expect(endOfLine(stale, 3, 4)).toBe(4);
  expect(endOfLine(stale, 6, 8)).toBe(8);
  expect(endOfLine(stale, 0, 0)).toBe(0);
});

test('words are found where they stand, and not across the length', () => {
  const line = bytes('sda[0](F) sdb[1](F) (F');
  expect(countWord(line, 0, line.length, '(F)')).toBe(2);
  expect(countWord(line, 0, 18, '(F)')).toBe(1);
  expect(indexOfWord(line, 0, line.length, 'sdb')).toBe(10);
  expect(indexOfWord(line, 11, line.length, 'sdb')).toBe(-1);
  expect(standsAt(line, 10, 12, 'sdb')).toBe(false);
  expect(standsAt(line, 10, 13, 'sdb')).toBe(true);
});

test('steps over any bytes stay within the length and come to an end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(9), (input, at, count) => {
      const start = Math.min(at, input.length);
      for (const step of [
        skipBlanks(input, start, input.length),
        skipToken(input, start, input.length),
        skipColumns(input, start, input.length, count),
        endOfLine(input, start, input.length),
      ]) {
        expect(step).toBeGreaterThanOrEqual(start);
        expect(step).toBeLessThanOrEqual(input.length);
      }
    }),
  );
});
