import { expect, test } from 'bun:test';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY, Machine } from './machine.fixture.ts';

const ECC = { groups: ['ecc'] } as const;
const FILE = `${DIRECTORY}/ras/gpu_vram_bad_pages`;

/** By state, of the first card. */
const pages = (machine: Machine): Record<string, number> =>
  Object.fromEntries(
    machine
      .poll('bad_pages{', 10)
      .filter((line) => line.includes('device="0"'))
      .map((line) => [
        /state="(\w+)"/.exec(line)?.[1] ?? '',
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
  );

const line = (i: number, flag: string): string =>
  `0x${i.toString(16).padStart(8, '0')} : 0x00001000 : ${flag}\n`;

test('bad pages are counted to the last, however many there are', () => {
  using machine = new Machine('mi300x', ECC);
  expect(pages(machine)).toEqual({ retired: 1, pending: 1, unreservable: 0 });
  // More than fit into the 4096 bytes that the driver gives out at a time.
  const flags = Array.from({ length: 500 }, (_, i) => (i % 5 === 4 ? 'P' : i === 0 ? 'F' : 'R'));
  machine.write(FILE, flags.map((flag, i) => line(i, flag)).join(''));
  expect(pages(machine)).toEqual({ retired: 399, pending: 100, unreservable: 1 });
});

test('a memory without bad pages has none, and its first is seen at once', () => {
  using machine = new Machine('mi300x', ECC);
  machine.write(FILE, '');
  for (let i = 0; i < 5; i++) {
    expect(pages(machine)).toEqual({ retired: 0, pending: 0, unreservable: 0 });
  }
  machine.write(FILE, line(1, 'R'));
  expect(pages(machine)).toEqual({ retired: 1, pending: 0, unreservable: 0 });
});

test('how many there are is not known while the driver does not say', () => {
  using machine = new Machine('mi300x', ECC);
  expect(pages(machine)['retired']).toBe(1);
  // A directory can be opened and not read.
  rmSync(join(machine.tree.sysfs, FILE));
  mkdirSync(join(machine.tree.sysfs, FILE));
  expect(pages(machine)).toEqual({});
});
