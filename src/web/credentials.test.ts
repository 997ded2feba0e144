import { expect, test } from 'bun:test';
import { readCredentials } from './credentials.ts';

const basic = (text: string | Uint8Array): string =>
  `Basic ${Buffer.from(text).toString('base64')}`;
const read = (header: string): [string, string] | undefined => {
  const credentials = readCredentials(header);
  return credentials && [credentials.user, Buffer.from(credentials.password).toString('latin1')];
};

test('reads user and password; the password may have colons, and be empty', () => {
  expect(read(basic('prometheus:secret'))).toEqual(['prometheus', 'secret']);
  expect(read(basic('a:b:c:'))).toEqual(['a', 'b:c:']);
  expect(read(basic(':'))).toEqual(['', '']);
  expect(read(basic('ünï:x'))).toEqual(['ünï', 'x']);
});

test('takes the name of the scheme in any case, and the other alphabet of base64', () => {
  expect(read(basic('a:b').replace('Basic', 'bAsIc '))).toEqual(['a', 'b']);
  expect(read(basic('a:??>>~~').replaceAll('/', '_').replaceAll('+', '-'))).toEqual([
    'a',
    '??>>~~',
  ]);
});

test('leaves the bytes of a password as they are', () => {
  expect(read(basic(Uint8Array.of(97, 58, 0xff, 0xfe)))).toEqual(['a', '\xff\xfe']);
});

test.each([
  '',
  'Basic',
  'Basic ',
  'Bearer YTpi',
  'Basic !!!!',
  'Basic YTpi YTpi',
  `${basic('a:b')},${basic('c:d')}`,
  basic('no colon'),
])('%p is nobody', (header) => {
  expect(read(header)).toBeUndefined();
});

test('a password of more bytes than bcrypt reads, or with a zero byte, is never right', () => {
  expect(read(basic(`a:${'x'.repeat(72)}`))).toEqual(['a', 'x'.repeat(72)]);
  expect(read(basic(`a:${'x'.repeat(73)}`))).toBeUndefined();
  expect(read(basic(`a:${'ü'.repeat(37)}`))).toBeUndefined();
  expect(read(basic('a:b\0c'))).toBeUndefined();
});
