import { expect, test } from 'bun:test';
import { LastWords } from './last-words.ts';

const REPORT = '='.repeat(60);
const heard = (...lines: string[]): [LastWords, boolean[]] => {
  const words = new LastWords();
  return [words, lines.map((line) => words.hear(line))];
};

test('the last line is what was said last, and nothing where there was none', () => {
  expect(heard()[0].text).toBeUndefined();
  const [words, useful] = heard('out of memory', 'no room left');
  expect(words.text).toBe('no room left');
  expect(useful).toEqual([true, true]);
});

test('of a crash the line that says how counts, not the request to report it', () => {
  const [words, useful] = heard(
    REPORT,
    'Bun v1.4.5 (a7733435c) Linux x64',
    'panic(main thread): Segmentation fault at address 0x10',
    'oh no: Bun has crashed. This indicates a bug in Bun, not your code.',
    ' https://bun.report/1.4.5/la1a773343EkgggC68yCA2AgB',
  );
  expect(words.text).toBe('Segmentation fault at address 0x10');
  expect(useful).toEqual([false, false, true, false, false]);
});

test('of an abort what the library said before counts', () => {
  const [words] = heard(
    "Assertion `n < 3' failed.",
    REPORT,
    'Bun v1.4.5 (a7733435c) Linux x64',
    'panic(main thread): Aborted',
    'oh no: Bun has crashed. This indicates a bug in Bun, not your code.',
  );
  expect(words.text).toBe("Assertion `n < 3' failed.");
  expect(heard(REPORT, 'panic(main thread): Aborted')[0].text).toBe('Aborted');
});

test('a fault is a fault, whatever a library said before', () => {
  const [words] = heard(
    'a warning',
    REPORT,
    'panic(main thread): Segmentation fault at address 0x0',
  );
  expect(words.text).toBe('Segmentation fault at address 0x0');
});

test('a library that speaks of panic in the middle of a line does not end the listening', () => {
  const [words] = heard('no panic(main thread): here', 'disk full');
  expect(words.text).toBe('disk full');
});
