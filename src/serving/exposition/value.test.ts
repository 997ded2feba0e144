import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseValue } from './value.ts';

const parse = (text: string): number | undefined => {
  const bytes = Buffer.from(text);
  return parseValue(bytes, 0, bytes.length);
};

test.each([
  ['0', 0],
  ['+5', 5],
  ['-0.25', -0.25],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['0.00015000000000000001', Number('0.00015000000000000001')],
  ['18446744073709551615', 2 ** 64],
  ['Inf', Infinity],
  ['-inf', -Infinity],
  ['+Infinity', Infinity],
  ['NaN', Number.NaN],
  ['nan(0x8000000000000)', Number.NaN],
])('%s is %d', (text, value) => {
  expect(parse(text)).toBe(value);
});

test.each(['', '+', '.', '-.', 'e5', '1e', '1_0', '0x1', '1.2.3', 'true', '1,5', 'nano', '--1'])(
  '"%s" is no number',
  (text) => {
    expect(parse(text)).toBeUndefined();
  },
);

test('every double is read as it was written', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (x) => {
      expect(parse(Object.is(x, -0) ? '-0' : String(x))).toBe(x);
    }),
  );
});

test('every decimal is rounded as JavaScript rounds it', () => {
  const digits = fc.stringMatching(/^\d{1,12}\.\d{1,12}$/);
  fc.assert(
    fc.property(digits, (text) => {
      expect(parse(text)).toBe(Number(text));
    }),
    { numRuns: 2000 },
  );
});
