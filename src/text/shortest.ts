/**
 * The shortest decimal text of any double: Steele and White's free-format printing, as in "Printing
 * Floating-Point Numbers Quickly and Accurately" (Burger, Dybvig, PLDI 1996), in exact arithmetic.
 *
 * The value is held as a fraction R/S of big integers, below 1 once the power of ten is taken out. A
 * step multiplies R by ten and takes the whole part as the next digit. It stops when the text so
 * far, or that text with its last digit one up, lies nearer to the value than to any other double.
 *
 * Nothing is allocated: the big integers are limbs.ts's, and a pass over them yields eight digits.
 */
import { LIMB, LIMBS, multiply, multiplyByFives, PER_LIMB, place } from './limbs.ts';

const R = new Float64Array(LIMBS);
const S = new Float64Array(LIMBS);
/** A quarter of the gap between the value and the next double above, on R's scale. */
const M = new Float64Array(LIMBS);
const savedR = new Float64Array(LIMBS);
const savedM = new Float64Array(LIMBS);

const digits = new Uint8Array(24);

const view = new Float64Array(1);
const bits = new Uint32Array(view.buffer);

const ZERO = 0x30;
const POINT = 0x2e;

/**
 * Writes `value` as `String(value)` has it: shortest digits that read back as the same double, the
 * nearest of those, plain from 1e-6 to below 1e21 and with an exponent elsewhere.
 * `value` is finite and above zero. Returns the position after the last byte.
 */
export function writeShortest(out: Uint8Array, at: number, value: number): number {
  view[0] = value;
  const low = bits[0]!;
  const high = bits[1]!;
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (high & 0xfffff) * 0x100000000 + low;
  const significand = biased === 0 ? fraction : fraction + 0x10000000000000;
  const exponent = biased === 0 ? -1074 : biased - 1075;
  const top = biased === 0 ? exponent + bitLength(high & 0xfffff, low) - 1 : exponent + 52;

  // Never above the true power of ten, and at most one below it.
  let power = Math.ceil(top * Math.LOG10E * Math.LN2 - 1e-9) | 0;
  let limbs = setUp(significand, exponent, power);
  // Reading rounds to even: the ends of an even significand's interval still read back as it.
  const atEnd = low & 1;
  if (sign(limbs, 1, 2, -1) >= atEnd) {
    power += 1;
    limbs = multiply(S, limbs, 10);
    R[limbs] = 0;
    M[limbs] = 0;
    S[limbs] = 0;
  }
  // Now R < S, so that S alone says how many limbs count.
  while (limbs > 3 && S[limbs - 1] === 0) limbs--;
  // Below a power of two the doubles lie twice as close, except where they are subnormal.
  const down = fraction === 0 && biased > 1 ? 1 : 2;
  return layOut(out, at, generate(limbs, down, atEnd), power);
}

/** Bits up to the highest that is set in the 52 bits of a subnormal. */
function bitLength(high: number, low: number): number {
  return high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
}

/**
 * R / S = significand * 2^exponent / 10^power, M / S = a quarter of the gap to the next double
 * above on that scale. Returns how many limbs hold any of them.
 */
function setUp(significand: number, exponent: number, power: number): number {
  // 10^power without its twos, which go into the shift.
  const shift = exponent - 2 - power;
  const up = Math.max(shift, 0);
  let lengthR = place(R, significand * 4, up);
  let lengthM = place(M, 1, up);
  let lengthS = place(S, 1, up - shift);
  if (power > 0) {
    lengthS = multiplyByFives(S, lengthS, power);
  } else {
    lengthR = multiplyByFives(R, lengthR, -power);
    lengthM = multiplyByFives(M, lengthM, -power);
  }
  // The estimate in step() reads the three highest limbs.
  const limbs = Math.max(lengthR, lengthS, 3);
  for (let i = lengthR; i <= limbs; i++) R[i] = 0;
  for (let i = lengthM; i <= limbs; i++) M[i] = 0;
  for (let i = lengthS; i <= limbs; i++) S[i] = 0;
  return limbs;
}

/** A number with the sign of r * R + m * M + s * S, whole, where |r| + |m| + |s| <= 4. */
function sign(limbs: number, r: number, m: number, s: number): number {
  let sum = 0;
  for (let i = limbs; i >= 0; i--) {
    sum = sum * LIMB + r * R[i]! + m * M[i]! + s * S[i]!;
    // The lower limbs together weigh less than four of this one.
    if (sum > 4 || sum < -4) return sum;
  }
  return sum;
}

/** R = R * factor mod S, M *= factor. Returns R * factor / S, whole. `factor` is at most 10^8. */
function step(limbs: number, factor: number): number {
  const nearR = (R[limbs - 1]! * LIMB + R[limbs - 2]!) * LIMB + R[limbs - 3]!;
  const nearS = (S[limbs - 1]! * LIMB + S[limbs - 2]!) * LIMB + S[limbs - 3]!;
  // 52 good bits for a quotient of 27: right, or one off where the true one is nearly whole.
  let quotient = Math.floor((nearR / nearS) * factor);
  let carryR = 0;
  let carryM = 0;
  for (let i = 0; i <= limbs; i++) {
    const rest = R[i]! * factor - quotient * S[i]! + carryR;
    carryR = Math.floor(rest * PER_LIMB);
    R[i] = rest - carryR * LIMB;
    const gap = M[i]! * factor + carryM;
    carryM = Math.floor(gap * PER_LIMB);
    M[i] = gap - carryM * LIMB;
  }
  if (carryR < 0) {
    addToR(limbs, 1);
    quotient -= 1;
  } else if (sign(limbs, 1, 0, -1) >= 0) {
    addToR(limbs, -1);
    quotient += 1;
  }
  return quotient;
}

/** R += factor * S. A carry out of the top limb cancels the borrow that called for it. */
function addToR(limbs: number, factor: number): void {
  let carry = 0;
  for (let i = 0; i <= limbs; i++) {
    const sum = R[i]! + factor * S[i]! + carry;
    carry = Math.floor(sum * PER_LIMB);
    R[i] = sum - carry * LIMB;
  }
}

/**
 * Fills `digits`; returns how many. `down` is the half gap to the double below in M's unit, `atEnd`
 * is 1 where the ends of the interval belong to the neighbours.
 */
function generate(limbs: number, down: number, atEnd: number): number {
  let length = 0;
  // If no text of eight more digits is near enough, no shorter one is: they need no look each.
  for (let ahead = 8; ahead > 6; ahead--) {
    for (let i = 0; i <= limbs; i++) {
      savedR[i] = R[i]!;
      savedM[i] = M[i]!;
    }
    let group = step(limbs, ahead === 8 ? 1e8 : 1e7);
    if (sign(limbs, 1, -down, 0) <= -atEnd || sign(limbs, 1, 2, -1) >= atEnd) {
      for (let i = 0; i <= limbs; i++) {
        R[i] = savedR[i]!;
        M[i] = savedM[i]!;
      }
      break;
    }
    for (let i = length + ahead - 1; i >= length; i--) {
      const rest = (group * 0.1) | 0;
      digits[i] = group - rest * 10;
      group = rest;
    }
    length += ahead;
  }
  for (;;) {
    const digit = step(limbs, 10);
    const stay = sign(limbs, 1, -down, 0) <= -atEnd;
    const raise = sign(limbs, 1, 2, -1) >= atEnd;
    if (!stay && !raise) {
      digits[length++] = digit;
      continue;
    }
    let up = raise ? 1 : 0;
    if (stay && raise) {
      const half = sign(limbs, 2, 0, -1);
      up = half > 0 || (half === 0 && (digit & 1) === 1) ? 1 : 0;
    }
    digits[length] = digit + up;
    return length + 1;
  }
}

/** Writes 0.d1d2d3… * 10^power in the notation of Number.prototype.toString. */
function layOut(out: Uint8Array, start: number, length: number, power: number): number {
  let at = start;
  if (power > 21 || power < -5) {
    out[at++] = ZERO + digits[0]!;
    if (length > 1) out[at++] = POINT;
    for (let i = 1; i < length; i++) out[at++] = ZERO + digits[i]!;
    return writeExponent(out, at, power - 1);
  }
  if (power <= 0) {
    out[at++] = ZERO;
    out[at++] = POINT;
    for (let i = power; i < 0; i++) out[at++] = ZERO;
  }
  for (let i = 0; i < length; i++) {
    if (i === power && i > 0) out[at++] = POINT;
    out[at++] = ZERO + digits[i]!;
  }
  for (let i = length; i < power; i++) out[at++] = ZERO;
  return at;
}

function writeExponent(out: Uint8Array, start: number, exponent: number): number {
  let at = start;
  out[at++] = 0x65;
  out[at++] = exponent < 0 ? 0x2d : 0x2b;
  const size = Math.abs(exponent);
  const hundreds = (size / 100) | 0;
  const tens = ((size / 10) | 0) - hundreds * 10;
  if (hundreds > 0) out[at++] = ZERO + hundreds;
  if (size > 9) out[at++] = ZERO + tens;
  out[at++] = ZERO + (size % 10);
  return at;
}
