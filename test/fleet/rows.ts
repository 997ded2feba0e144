import { expect } from 'bun:test';

/** Rows of the table that `fleet install` prints, by host, split into cells. */
export function rows(out: string): Map<string, string[]> {
  const lines = out.trimEnd().split('\n');
  expect(lines[0]?.split(/\s{2,}/)).toEqual(['HOST', 'RESULT', 'SECONDS', 'DETAIL']);
  return new Map(lines.slice(1).map((line) => [line.split(' ')[0] ?? '', line.split(/\s{2,}/)]));
}
