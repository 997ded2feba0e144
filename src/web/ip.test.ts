import { describe, expect, test } from 'bun:test';
import net from 'node:net';
import fc from 'fast-check';
import { isIPv4, isIPv6 } from './ip.ts';

/** What resembles an address: most are one digit or colon away from another. */
const nearly = fc.string({
  unit: fc.constantFrom(...'0123456789abcdef::::....', '255', '256', '::', 'ffff', '%', ']'),
  maxLength: 12,
});

describe.each([
  ['isIPv4()', isIPv4, net.isIPv4, fc.ipV4()],
  ['isIPv6()', isIPv6, net.isIPv6, fc.ipV6()],
] as const)('%s', (_, ours, reference, addresses) => {
  test('knows every address', () => {
    fc.assert(fc.property(addresses, (text) => expect(ours(text)).toBe(true)));
  });

  test('says of any text what node:net says', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string(), fc.domain()), (text) => {
        expect(ours(text)).toBe(reference(text));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '',
    ':',
    '::',
    '::1',
    '1.2.3.4',
    '01.2.3.4',
    '1.2.3',
    '::ffff:1.2.3.4',
    '::1.2.3',
    'fe80::1%eth0',
    'fe80::1%',
    '1::2::3',
    '12345::',
    'localhost',
  ])('says of %p what node:net says', (text) => {
    expect(ours(text)).toBe(reference(text));
  });
});
