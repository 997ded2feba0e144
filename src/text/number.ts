/**
 * The decimal text of a double, as bytes. Called for every sample of every scrape, so it allocates
 * nothing: no string, no BigInt, no object.
 *
 * What a machine reports is an integer or a decimal fraction of few places (jiffies are hundredths
 * of a second, times are milliseconds to nanoseconds). A double divided by a power of ten up to
 * 10^22 is correctly rounded, so a whole number m with m / 10^k === value reads back as the value;
 * with m below 2^52 the multiples of 10^-k lie further apart than doubles do, so m is the only such
 * number and, without its trailing zeros, the shortest text. Anything else goes to writeShortest().
 */
import { writeShortest } from './shortest.ts';

/** The most bytes that writeNumber() writes: `-0.0000012345678901234567`. */
export const MAX_NUMBER_LENGTH = 25;

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

const SCALES = Float64Array.from({ length: 16 }, (_, places) => 10 ** places);

/**
 * Writes `value` at `out[at]` and returns the position after its last byte. The text is that of
 * `String(value)`, but `0` for -0 and, as Prometheus spells them, `+Inf` and `-Inf`.
 * `out` has at least MAX_NUMBER_LENGTH bytes left: there is no check.
 */
export function writeNumber(out: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writePositive(out, at, value);
  if (value < 0) {
    if (value === Number.NEGATIVE_INFINITY) return writeInf(out, at, MINUS);
    out[at] = MINUS;
    return writePositive(out, at + 1, -value);
  }
  out[at] = 0x4e;
  out[at + 1] = 0x61;
  out[at + 2] = 0x4e;
  return at + 3;
}

function writePositive(out: Uint8Array, at: number, value: number): number {
  if (value < 0x80000000) {
    const whole = value | 0;
    if (whole === value) return writeInteger(out, at, whole);
    // Hundredths, milliseconds and microseconds are all millionths.
    const millionths = Math.floor(value * 1e6 + 0.5);
    if (millionths / 1e6 === value) {
      const end = writeInteger(out, at, whole);
      out[end] = POINT;
      return writeSixPlaces(out, end + 1, (millionths - whole * 1e6) | 0);
    }
  } else if (Math.floor(value) === value) {
    if (value < 0x20000000000000) return writeLargeInteger(out, at, value);
    return value === Number.POSITIVE_INFINITY
      ? writeInf(out, at, 0x2b)
      : writeShortest(out, at, value);
  }
  return writeFraction(out, at, value);
}

/** A value that is neither an integer nor below 2^31 with at most six places. */
function writeFraction(out: Uint8Array, at: number, value: number): number {
  const places = placesFor(value);
  const scale = SCALES[places]!;
  const scaled = Math.floor(value * scale + 0.5);
  if (places === 0 || value < 1e-6 || scaled / scale !== value) {
    return writeShortest(out, at, value);
  }
  const whole = Math.floor(value);
  let end = writeLargeInteger(out, at, whole);
  out[end++] = POINT;
  let left = places - 3;
  let rest = scaled - whole * scale;
  for (;;) {
    const unit = SCALES[left]!;
    const group = Math.floor(rest / unit);
    rest -= group * unit;
    if (rest === 0) return writeUpToThreePlaces(out, end, group | 0);
    end = writeThree(out, end, group | 0);
    left -= 3;
  }
}

/** The most places, a multiple of three up to 15, with value * 10^places below 2^52; 0 is none. */
function placesFor(value: number): number {
  if (value < 4.5) return 15;
  if (value < 4.5e3) return 12;
  if (value < 4.5e6) return 9;
  if (value < 4.5e9) return 6;
  return value < 4.5e12 ? 3 : 0;
}

/** 0 <= value < 2^53, whole. */
function writeLargeInteger(out: Uint8Array, at: number, value: number): number {
  if (value < 0x80000000) return writeInteger(out, at, value | 0);
  const high = Math.floor(value / 1e8);
  return writeEight(out, writeInteger(out, at, high | 0), (value - high * 1e8) | 0);
}

// The doubles 1e-4 and 1e-8 lie above the true ones, so a product with one is never below the true
// quotient, and it is above it by too little to reach the next integer. It saves the division.

/** 0 <= value < 2^31. */
function writeInteger(out: Uint8Array, at: number, value: number): number {
  if (value < 10_000) return writeUpToFour(out, at, value);
  if (value < 100_000_000) {
    const high = (value * 1e-4) | 0;
    const end = writeUpToFour(out, at, high);
    writeFour(out, end, value - high * 10_000);
    return end + 4;
  }
  const high = (value * 1e-8) | 0;
  return writeEight(out, writeUpToFour(out, at, high), value - high * 100_000_000);
}

/** 0 <= value < 10^8, with leading zeros. */
function writeEight(out: Uint8Array, at: number, value: number): number {
  const high = (value * 1e-4) | 0;
  writeFour(out, at, high);
  writeFour(out, at + 4, value - high * 10_000);
  return at + 8;
}

/** 0 <= value < 10^4. */
function writeUpToFour(out: Uint8Array, at: number, value: number): number {
  if (value < 100) {
    if (value < 10) {
      out[at] = ZERO + value;
      return at + 1;
    }
    writeTwo(out, at, value);
    return at + 2;
  }
  if (value < 1000) return writeThree(out, at, value);
  writeFour(out, at, value);
  return at + 4;
}

/** 0 <= value < 10^4, with leading zeros. */
function writeFour(out: Uint8Array, at: number, value: number): void {
  // 5243 / 2^19 is a hundredth, near enough up to 43,698.
  const high = (value * 5243) >> 19;
  writeTwo(out, at, high);
  writeTwo(out, at + 2, value - high * 100);
}

/** 0 <= value < 100, with a leading zero. */
function writeTwo(out: Uint8Array, at: number, value: number): void {
  // 103 / 2^10 is a tenth, near enough up to 178.
  const tens = (value * 103) >> 10;
  out[at] = ZERO + tens;
  out[at + 1] = ZERO + value - tens * 10;
}

/** 0 < value < 10^6 millionths, without trailing zeros. */
function writeSixPlaces(out: Uint8Array, at: number, value: number): number {
  const high = (value * 1e-4) | 0;
  const low = value - high * 10_000;
  if (low === 0) return writeUpToTwoPlaces(out, at, high);
  writeTwo(out, at, high);
  const middle = (low * 5243) >> 19;
  const last = low - middle * 100;
  if (last === 0) return writeUpToTwoPlaces(out, at + 2, middle);
  writeTwo(out, at + 2, middle);
  return writeUpToTwoPlaces(out, at + 4, last);
}

/** 0 < value < 100 hundredths, without a trailing zero. */
function writeUpToTwoPlaces(out: Uint8Array, at: number, value: number): number {
  const tens = (value * 103) >> 10;
  const ones = value - tens * 10;
  out[at] = ZERO + tens;
  if (ones === 0) return at + 1;
  out[at + 1] = ZERO + ones;
  return at + 2;
}

/** 0 <= value < 1000, with leading zeros. */
function writeThree(out: Uint8Array, at: number, value: number): number {
  const high = (value * 5243) >> 19;
  out[at] = ZERO + high;
  writeTwo(out, at + 1, value - high * 100);
  return at + 3;
}

/** 0 < value < 1000 thousandths, without trailing zeros. */
function writeUpToThreePlaces(out: Uint8Array, at: number, value: number): number {
  const high = (value * 5243) >> 19;
  const low = value - high * 100;
  out[at] = ZERO + high;
  return low === 0 ? at + 1 : writeUpToTwoPlaces(out, at + 1, low);
}

function writeInf(out: Uint8Array, at: number, sign: number): number {
  out[at] = sign;
  out[at + 1] = 0x49;
  out[at + 2] = 0x6e;
  out[at + 3] = 0x66;
  return at + 4;
}
