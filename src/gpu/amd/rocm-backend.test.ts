import { expect, test } from 'bun:test';
import { addressOf } from './rocm-backend.ts';

test('a device is known by its PCI address', () => {
  expect(addressOf(0x0500)).toBe('0000:05:00.0');
  expect(addressOf(0x1_0000_c3f9)).toBe('0001:c3:1f.1');
  expect(addressOf(0x1_0000 * 2 ** 32 + 0x2600)).toBe('10000:26:00.0');
});

test('a partition other than the first, and what the library did not write, have none', () => {
  expect(addressOf(0x1000_0500)).toBeUndefined();
  expect(addressOf(0xf000_0500)).toBeUndefined();
  expect(addressOf(Number.NaN)).toBeUndefined();
});
