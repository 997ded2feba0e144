/**
 * Child of number.gc.test.ts: writes numbers between markers on standard error, where a Bun with
 * BUN_JSC_logGC=1 prints its collections, and then does the same with strings.
 */
import { writeSync } from 'node:fs';
import { MAX_NUMBER_LENGTH, writeNumber } from './number.ts';

/** One of every path: integers, decimals, shortest digits, all notations and what is not finite. */
const values = Float64Array.of(
  0,
  7,
  -42,
  123_456,
  4_294_967_296,
  2 ** 53 - 1,
  2 ** 63,
  0.5,
  1_234_567.89,
  -0.001,
  1_763_600_000.123_456,
  1234.567_890_123,
  0.1 + 0.2,
  1 / 3,
  1_763_600_000.123_456_7,
  1e21,
  1.7976931348623157e308,
  5e-324,
  2.2250738585072014e-308,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
);
const out = new Uint8Array(MAX_NUMBER_LENGTH);

function writeNumbers(calls: number): number {
  let bytes = 0;
  for (let i = 0; i < calls; i++) bytes += writeNumber(out, 0, values[i % values.length]!);
  return bytes;
}

function makeStrings(calls: number): number {
  let bytes = 0;
  for (let i = 0; i < calls; i++) bytes += String(values[i % values.length]! + i).length;
  return bytes;
}

const mark = (text: string): number => writeSync(2, `${text}\n`);

let bytes = writeNumbers(1_000_000);
mark('numbers');
bytes += writeNumbers(5_000_000);
mark('strings');
bytes += makeStrings(1_000_000);
mark(bytes > 0 ? 'end' : 'nothing was written');
