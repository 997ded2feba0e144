/** Runs a Program over the bytes of a file. Allocates nothing: this is the hot path of every text source. */
import { SAMPLE, type SampleCode } from '../board/source.ts';
import { OP, type Program } from './program.ts';

const NEWLINE = 10;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const TWO_32 = 2 ** 32;

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
const POWER = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Where the last scanned number ended: first byte that is not part of it. */
let end = 0;

/** End of the number that `scanNumber` or `scanHex` read last. */
export function scanEnd(): number {
  return end;
}

/**
 * Reads a decimal number (`-12`, `0.05`, `18446744073709551615`) at `at`; NaN where there is none.
 * Equals `Number(text)` for every u64 and for decimals of up to 15 digits. Never reads at or past `length`.
 */
export function scanNumber(bytes: Uint8Array, at: number, length: number): number {
  let i = at;
  const negative = i < length && bytes[i] === MINUS;
  if (negative) i++;
  const first = i;
  let value = 0;
  while (i < length) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    i++;
  }
  if (i === first) {
    end = at;
    return Number.NaN;
  }
  // Past 15 digits `value * 10 + digit` rounds at every step; two exact 32-bit limbs round once.
  if (i - first > 15) value = scanLong(bytes, first, i);
  if (i < length && bytes[i] === DOT) {
    const point = ++i;
    while (i < length) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      i++;
    }
    const decimals = i - point;
    value /= decimals < POWER.length ? (POWER[decimals] as number) : 10 ** decimals;
  }
  end = i;
  return negative ? -value : value;
}

function scanLong(bytes: Uint8Array, from: number, to: number): number {
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    low = low * 10 + (bytes[i] as number) - ZERO;
    const carry = Math.floor(low / TWO_32);
    low -= carry * TWO_32;
    high = high * 10 + carry;
  }
  return high * TWO_32 + low;
}

/** Reads a hexadecimal number of up to 13 digits at `at`; NaN where there is none. */
export function scanHex(bytes: Uint8Array, at: number, length: number): number {
  let i = at;
  let value = 0;
  while (i < length) {
    const c = bytes[i] as number;
    let digit = c - ZERO;
    if (digit < 0 || digit > 9) {
      digit = (c | 32) - 87;
      if (digit < 10 || digit > 15) break;
    }
    value = value * 16 + digit;
    i++;
  }
  end = i;
  return i === at ? Number.NaN : value;
}

/**
 * Fills the program's slots from `bytes[0, length)`. Answers `rescan` where the file no longer has the
 * shape that the program was compiled from: a word differs, a line is missing or half, or lines were added.
 */
export function scan(
  program: Program,
  bytes: Uint8Array,
  length: number,
  values: Float64Array,
): SampleCode {
  const { ops, args, lengths, times, over, words, separators } = program;
  let i = 0;
  for (let k = 0; k < ops.length; k++) {
    const op = ops[k];
    if (op === OP.rest) {
      const newline = i < length ? bytes.indexOf(NEWLINE, i) : -1;
      if (newline < 0 || newline >= length) return SAMPLE.rescan;
      i = newline + 1;
      continue;
    }
    while (i < length && separators[bytes[i] as number] === 1) i++;
    const arg = args[k] as number;
    if (op === OP.word) {
      const size = lengths[k] as number;
      if (i + size > length) return SAMPLE.rescan;
      for (let j = 0; j < size; j++) {
        if (bytes[i + j] !== words[arg + j]) return SAMPLE.rescan;
      }
      i += size;
      if (!atEnd(bytes, i, length, separators)) return SAMPLE.rescan;
      continue;
    }
    const token = i;
    while (!atEnd(bytes, i, length, separators)) i++;
    if (op === OP.skip) continue;
    const value = op === OP.hex ? scanHex(bytes, token, i) : scanNumber(bytes, token, i);
    values[arg] = end !== i ? Number.NaN : (value * (times[k] as number)) / (over[k] as number);
  }
  return i < length ? SAMPLE.rescan : SAMPLE.ok;
}

function atEnd(bytes: Uint8Array, i: number, length: number, separators: Uint8Array): boolean {
  if (i >= length) return true;
  const c = bytes[i] as number;
  return c === NEWLINE || separators[c] === 1;
}
