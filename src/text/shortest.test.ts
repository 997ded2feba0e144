import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { anyBits, edges, neighbour, written } from './number.fixture.ts';
import { writeShortest } from './shortest.ts';

const RUNS = { numRuns: 30_000 };

function expectText(value: number): void {
  expect(written(writeShortest, value)).toBe(String(value));
}

/** writeShortest() is for values above zero. */
const positive = (values: fc.Arbitrary<number>) =>
  values.map(Math.abs).filter((value) => value > 0 && value < Number.POSITIVE_INFINITY);

test('writeShortest() writes what String() says for any finite double', () => {
  fc.assert(fc.property(positive(fc.double({ noNaN: true })), expectText), RUNS);
  fc.assert(fc.property(positive(anyBits), expectText), RUNS);
});

test('writeShortest() writes what String() says for subnormal doubles', () => {
  const subnormal = fc.maxSafeNat().map((nat) => (nat % 2 ** 52) * Number.MIN_VALUE);
  fc.assert(fc.property(positive(subnormal), expectText), RUNS);
  for (let count = 1; count <= 2000; count++) expectText(count * Number.MIN_VALUE);
});

test('writeShortest() writes what String() says for texts of 1 to 17 digits', () => {
  const short = fc
    .tuple(fc.maxSafeNat(), fc.integer({ min: 1, max: 17 }), fc.integer({ min: -340, max: 300 }))
    .map(([nat, length, exponent]) => Number(`${String(nat).slice(0, length)}e${exponent}`));
  fc.assert(fc.property(positive(short), expectText), RUNS);
});

test('writeShortest() writes what String() says around powers of two and of ten', () => {
  for (const value of edges()) expectText(value);
});

test('writeShortest() writes the nearest of several shortest texts', () => {
  // It is 4.94e-324, and 3e-324, 4e-324, 6e-324 and 7e-324 read as it too.
  expect(written(writeShortest, Number.MIN_VALUE)).toBe('5e-324');
  // Below 2^-44 doubles lie closer than above: the nearest 16 digits, …801e-14, miss it.
  expect(written(writeShortest, 2 ** -44)).toBe('5.684341886080802e-14');
});

test('writeShortest() takes the end of the interval only where reading rounds to the value', () => {
  // 1e23 lies halfway between two doubles (5^23 has 54 bits) and reads as the lower, even one.
  expect(written(writeShortest, 1e23)).toBe('1e+23');
  expect(written(writeShortest, neighbour(1e23, 1))).toBe('1.0000000000000001e+23');
});
