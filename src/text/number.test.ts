import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { anyBits, edges, written } from './number.fixture.ts';
import { MAX_NUMBER_LENGTH, writeNumber } from './number.ts';

const RUNS = { numRuns: 20_000 };
const text = (value: number): string => written(writeNumber, value);

/** What String(value) says, and the same value on the other side of zero. */
function expectText(value: number): void {
  expect(text(value)).toBe(Object.is(value, -0) ? '0' : String(value));
  if (value > 0) expect(text(-value)).toBe(`-${String(value)}`);
}

test.each([
  [0, '0'],
  [-0, '0'],
  [7, '7'],
  [-42, '-42'],
  [100, '100'],
  [4_294_967_296, '4294967296'],
  [9_007_199_254_740_991, '9007199254740991'],
  [18_446_744_073_709_552_000, '18446744073709552000'],
  [999_999_999_999_999_900_000, '999999999999999900000'],
  [1e21, '1e+21'],
  [0.5, '0.5'],
  [-1_234_567.89, '-1234567.89'],
  [1_763_600_000.123_456, '1763600000.123456'],
  [0.000_001, '0.000001'],
  [1e-7, '1e-7'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Number.MAX_VALUE, '1.7976931348623157e+308'],
  [Number.MIN_VALUE, '5e-324'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('writeNumber() writes %p as %p', (value, expected) => {
  expect(text(value)).toBe(expected);
});

test('writeNumber() writes what String() says for any finite double', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(finite, expectText), RUNS);
  fc.assert(fc.property(anyBits, expectText), RUNS);
});

test('writeNumber() writes text that reads back as the same double', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), anyBits), (value) => {
      const read = Number(text(value).replace('Inf', 'Infinity'));
      expect(read).toBe(value === 0 ? 0 : value);
    }),
    RUNS,
  );
});

test('writeNumber() writes what String() says for integers of every length', () => {
  const below = (max: number) => fc.maxSafeInteger().map((integer) => Math.trunc(integer % max));
  const integer = fc.integer({ min: 1, max: 16 }).chain((digits) => below(10 ** digits));
  fc.assert(fc.property(integer, expectText), RUNS);
  fc.assert(fc.property(fc.maxSafeInteger(), expectText), RUNS);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }).map(Number), expectText), RUNS);
});

test('writeNumber() writes what String() says for every integer of up to five digits', () => {
  for (let value = 0; value < 100_000; value++) {
    if (text(value) !== String(value)) expect(text(value)).toBe(String(value));
  }
});

test.each([1, 2, 3, 4, 6, 7, 9, 10, 12, 15, 18])(
  'writeNumber() writes what String() says for values with %p decimal places',
  (places) => {
    const scaled = fc.oneof(
      fc.integer({ min: 0, max: 10_000 }),
      fc.maxSafeNat(),
      fc.tuple(fc.nat({ max: 52 }), fc.maxSafeNat()).map(([bits, nat]) => nat % 2 ** bits),
    );
    fc.assert(
      fc.property(scaled, (integer) => expectText(integer / 10 ** places)),
      RUNS,
    );
  },
);

test('writeNumber() writes what String() says for any 32-bit float', () => {
  fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), expectText), RUNS);
});

test('writeNumber() writes what String() says around powers of two and of ten', () => {
  for (const value of edges()) expectText(value);
});

test('MAX_NUMBER_LENGTH is reached and never exceeded', () => {
  expect(text(-0.000_001_234_567_890_123_456_7)).toHaveLength(MAX_NUMBER_LENGTH);
  fc.assert(
    fc.property(fc.oneof(fc.double(), anyBits, fc.double({ min: -1e-5, max: 0 })), (value) => {
      expect(text(value).length).toBeLessThanOrEqual(MAX_NUMBER_LENGTH);
    }),
    RUNS,
  );
});
