/**
 * Numbers as servers print them: decimal, with an exponent of any length (`1.158e+011`), `NaN` in the
 * spellings of C libraries (`-nan(ind)`), infinities.
 */
import { textOf } from './bytes.ts';

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;

/** Digits of which every number is a double exactly. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

const NOT_A_NUMBER = /^[+-]?nan(\([a-z0-9_]*\))?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value of the bytes from `from` to `to`. `undefined` where they are no number; NaN where they say so.
 * Exact: a short decimal is one correctly rounded division, any other is left to the engine.
 */
export function parseValue(bytes: Uint8Array, from: number, to: number): number | undefined {
  let i = from;
  const negative = bytes[i] === MINUS;
  if (negative || bytes[i] === PLUS) i++;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; i < to; i++) {
    const c = bytes[i] as number;
    if (c >= ZERO && c <= NINE) {
      mantissa = mantissa * 10 + (c - ZERO);
      digits++;
      if (decimals >= 0) decimals++;
    } else if (c === POINT && decimals < 0) decimals = 0;
    else return parseText(textOf(bytes, from, to));
  }
  if (digits === 0 || digits > EXACT_DIGITS) return parseText(textOf(bytes, from, to));
  const size = decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa;
  return negative ? -size : size;
}

function parseText(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const sign = INFINITE.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined;
}
