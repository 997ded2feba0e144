import { expect, test } from 'bun:test';
import { CPU_FIELDS, CpuCounters } from './cpu-counters.ts';

const WIDTH = CPU_FIELDS.length;
const IDLE = CPU_FIELDS.indexOf('idle');
const IOWAIT = CPU_FIELDS.indexOf('iowait');
const row = (cpu: string, first: number, fields: number = WIDTH) => ({
  cpu,
  slots: Array.from({ length: fields }, (_, i) => first + i),
});

/** One CPU in slots 0 to 9, each field at 100 s. */
function oneCpu(): { counters: CpuCounters; values: Float64Array } {
  const counters = new CpuCounters();
  counters.replace([row('0', 0)]);
  const values = new Float64Array(WIDTH).fill(100);
  counters.settle(values);
  return { counters, values };
}

test('settle() lets values rise', () => {
  const { counters, values } = oneCpu();
  values.fill(101);
  counters.settle(values);
  expect([...values]).toEqual(Array(WIDTH).fill(101));
});

test('settle() keeps what was there when idle or iowait fall a little', () => {
  const { counters, values } = oneCpu();
  values[IDLE] = 97.01;
  values[IOWAIT] = 12;
  counters.settle(values);
  expect(values[IDLE]).toBe(100);
  expect(values[IOWAIT]).toBe(100);
});

test('settle() takes everything anew when idle falls by three seconds, as after a hot-plug', () => {
  const { counters, values } = oneCpu();
  values.fill(5);
  values[IDLE] = 97;
  counters.settle(values);
  expect(values[0]).toBe(5);
  expect(values[IDLE]).toBe(97);
});

test('settle() leaves an absent value absent and remembers the one before', () => {
  const { counters, values } = oneCpu();
  values[0] = Number.NaN;
  counters.settle(values);
  expect(values[0]).toBeNaN();
  values[0] = 99;
  counters.settle(values);
  expect(values[0]).toBe(100);
});

test('settle() touches no slot beyond the fields that the line has', () => {
  const counters = new CpuCounters();
  counters.replace([row('0', 0, 8)]);
  const values = new Float64Array(WIDTH).fill(1);
  values[8] = -1;
  values[9] = -1;
  counters.settle(values);
  expect([values[8], values[9]]).toEqual([-1, -1]);
});

test('replace() keeps what the CPUs that stay had, and forgets the one that went', () => {
  const counters = new CpuCounters();
  counters.replace([row('0', 0), row('1', WIDTH)]);
  const values = new Float64Array(2 * WIDTH).fill(100);
  counters.settle(values);
  counters.replace([row('1', WIDTH)]);
  values.fill(99);
  counters.settle(values);
  expect(values[WIDTH]).toBe(100);
  counters.replace([row('0', 0), row('1', WIDTH)]);
  values.fill(99);
  counters.settle(values);
  expect(values[0]).toBe(99);
  expect(values[WIDTH]).toBe(100);
});
