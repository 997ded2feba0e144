import { describe, expect, test } from 'bun:test';
import { celsius, fraction, number } from './numbers.ts';

describe('number()', () => {
  test('reads decimal and hexadecimal text', () => {
    expect(['0', '-5021', '65535', '0x410fd851', '9223372036854774784'].map(number)).toEqual([
      0,
      -5021,
      65535,
      0x410fd851,
      2 ** 63 - 1024,
    ]);
  });

  test('is NaN for what is no number', () => {
    for (const text of ['', 'N/A', '95.0%', '<unsupported>', 'Infinity', '-Infinity', '12 V']) {
      expect(number(text), text).toBeNaN();
    }
  });

  test('is NaN for all ones in 32 and 64 bits', () => {
    const sentinels = ['4294967295', '9223372036854775807', '18446744073709551615'];
    for (const text of [...sentinels, '-9223372036854775808']) expect(number(text), text).toBeNaN();
    expect(number('4294967294')).toBe(4294967294);
  });
});

test('fraction() gives the double next to the decimal', () => {
  expect(fraction(1000)('35900')).toBe(35.9);
  expect(fraction(1e6)('502717000')).toBe(502.717);
  expect(fraction(1000)('')).toBeNaN();
});

describe('celsius()', () => {
  test('reads thousandths and tenths of a degree, also below zero', () => {
    expect(celsius(1000)('43700')).toBe(43.7);
    expect(celsius(1000)('-40000')).toBe(-40);
    expect(celsius(10)('298')).toBe(29.8);
  });

  test('is NaN for what no machine can have', () => {
    // 65535 K and 0 K of an NVMe disk without limits; THERMAL_TEMP_INVALID of a zone without a reading.
    for (const text of ['65261850', '-273150', '-274000', '2147483647', '-2147483648', '']) {
      expect(celsius(1000)(text), text).toBeNaN();
    }
  });
});
