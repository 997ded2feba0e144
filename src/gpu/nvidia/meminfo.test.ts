import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMeminfo } from './meminfo.ts';

function read(text: string | undefined): { said: boolean; total: number; available: number } {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-meminfo-'));
  const file = join(directory, 'meminfo');
  if (text !== undefined) writeFileSync(file, text);
  const out = { total: Number.NaN, available: Number.NaN };
  const said = readMeminfo(file, out);
  rmSync(directory, { recursive: true });
  return { said, ...out };
}

test('readMeminfo() reads total and available memory in bytes', () => {
  const text = 'MemTotal:       127600748 kB\nMemFree:  1 kB\nMemAvailable:   118566368 kB\n';
  expect(read(text)).toEqual({
    said: true,
    total: 127600748 * 1024,
    available: 118566368 * 1024,
  });
});

test.each([
  ['a kernel that does not estimate what is available', 'MemTotal: 5 kB\nMemFree: 1 kB\n'],
  ['a file without numbers', 'MemTotal: many\nMemAvailable: some\n'],
  ['no file', undefined],
])('readMeminfo() says nothing of %s', (_, text) => {
  expect(read(text)).toEqual({ said: false, total: Number.NaN, available: Number.NaN });
});
