/**
 * Non-negative big integers for shortest.ts: limbs of 26 bits, lowest first, in Float64Arrays of
 * LIMBS elements made once. A limb times 10^8, or times a limb, is exact in a double. A number's
 * length is how many limbs it has up to its highest that is not 0; whatever lies above is stale.
 */

/** The largest number has 758 bits (the smallest subnormal); two limbs more are room for carries. */
export const LIMBS = 32;
const BITS = 26;
export const LIMB = 2 ** BITS;
export const PER_LIMB = 1 / LIMB;

/** 5^11 is the highest power of five that is less than a limb. */
const STRIDE = 11;
const FIVES = Float64Array.from({ length: STRIDE }, (_, power) => 5 ** power);
/** Row n, LIMBS wide: 5^(11 n), up to the 5^323 that the smallest subnormal needs. */
const POWERS = new Float64Array(Math.ceil(324 / STRIDE) * LIMBS);
POWERS[0] = 1;
/** Rows that are filled: they are made when first asked for, since few values ask. */
let rows = 1;

const product = new Float64Array(LIMBS);

/** `number` = value * 2^shift. Returns its length in limbs. */
export function place(number: Float64Array, value: number, shift: number): number {
  const whole = (shift / BITS) | 0;
  for (let i = 0; i < whole; i++) number[i] = 0;
  let length = whole;
  let rest = value * (1 << (shift - whole * BITS));
  while (rest > 0) {
    const next = Math.floor(rest * PER_LIMB);
    number[length++] = rest - next * LIMB;
    rest = next;
  }
  return length;
}

/** `number` *= 5^power. Returns its new length. */
export function multiplyByFives(number: Float64Array, length: number, power: number): number {
  const row = (power / STRIDE) | 0;
  const end = row === 0 ? length : multiplyByRow(number, length, row);
  return multiply(number, end, FIVES[power - row * STRIDE]!);
}

/** `number` *= the power of five in a row of POWERS. Returns its new length. */
function multiplyByRow(number: Float64Array, length: number, row: number): number {
  fillPowers(row);
  const start = row * LIMBS;
  let size = LIMBS;
  while (POWERS[start + size - 1] === 0) size--;
  const end = length + size;
  for (let i = 0; i < end; i++) product[i] = 0;
  for (let i = 0; i < length; i++) {
    const factor = number[i]!;
    let carry = 0;
    for (let j = 0; j < size; j++) {
      const sum = product[i + j]! + factor * POWERS[start + j]! + carry;
      carry = Math.floor(sum * PER_LIMB);
      product[i + j] = sum - carry * LIMB;
    }
    product[i + size] = carry;
  }
  for (let i = 0; i < end; i++) number[i] = product[i]!;
  return number[end - 1] === 0 ? end - 1 : end;
}

/** `number` *= factor. Returns its new length. */
export function multiply(number: Float64Array, length: number, factor: number): number {
  let carry = 0;
  for (let i = 0; i < length; i++) {
    const scaled = number[i]! * factor + carry;
    carry = Math.floor(scaled * PER_LIMB);
    number[i] = scaled - carry * LIMB;
  }
  if (carry === 0) return length;
  number[length] = carry;
  return length + 1;
}

function fillPowers(last: number): void {
  for (; rows <= last; rows++) {
    let carry = 0;
    for (let i = rows * LIMBS; i < (rows + 1) * LIMBS; i++) {
      const scaled = POWERS[i - LIMBS]! * 5 ** STRIDE + carry;
      carry = Math.floor(scaled * PER_LIMB);
      POWERS[i] = scaled - carry * LIMB;
    }
  }
}
