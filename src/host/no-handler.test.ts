import { expect, test } from 'bun:test';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Files } from './files.fixture.ts';
import { NoHandlerCounters } from './no-handler.ts';

/** Interfaces `if0` … with their number as their counter. */
function machine(count: number): Files {
  const files = new Files();
  for (let i = 0; i < count; i++) {
    files.write(`net/if${i}/statistics/rx_nohandler`, `${i}\n`);
  }
  return files;
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;

test('NoHandlerCounters reads each counter into its slot', () => {
  using files = machine(3);
  const counters = new NoHandlerCounters(join(files.root, 'net'));
  for (let i = 0; i < 3; i++) counters.add(`if${i}`, () => 2 - i);
  const values = new Float64Array(3);
  counters.sample(values);
  expect([...values]).toEqual([2, 1, 0]);
  files.write('net/if1/statistics/rx_nohandler', '18446744073709551615\n');
  counters.sample(values);
  expect([...values]).toEqual([2, 2 ** 64, 0]);
  counters.clear();
});

test('NoHandlerCounters declares nothing for an interface without the counter', () => {
  using files = machine(1);
  const counters = new NoHandlerCounters(join(files.root, 'net'));
  const declare = (): number => {
    throw new Error('declared');
  };
  counters.add('lo', declare);
  counters.add('bad\ufffd', declare);
  expect(() => counters.add('if0', declare)).toThrow('declared');
});

test('NoHandlerCounters does not know a counter that cannot be read, and knows the others', () => {
  using files = machine(3);
  const counters = new NoHandlerCounters(join(files.root, 'net'));
  for (let i = 0; i < 3; i++) counters.add(`if${i}`, () => i);
  files.remove('net/if0/statistics/rx_nohandler');
  mkdirSync(join(files.root, 'net/if0/statistics/rx_nohandler'));
  files.remove('net/if1');
  const values = new Float64Array(3);
  counters.sample(values);
  expect([...values]).toEqual([Number.NaN, Number.NaN, 2]);
  counters.sample(values);
  expect([...values]).toEqual([Number.NaN, Number.NaN, 2]);
  counters.clear();
});

test('NoHandlerCounters reads more counters than it keeps open, and closes all of them', () => {
  const count = 1000;
  using files = machine(count);
  const counters = new NoHandlerCounters(join(files.root, 'net'));
  for (let i = 0; i < count; i++) counters.add(`if${i}`, () => i);
  const values = new Float64Array(count);
  const before = openFiles();
  counters.sample(values);
  expect([...values]).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(openFiles() - before).toBe(256);
  counters.clear();
  expect(openFiles()).toBe(before);
});
