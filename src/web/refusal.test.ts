import { describe, expect, test } from 'bun:test';
import type { Address } from './address.ts';
import { refusal } from './refusal.ts';

const failed = (code: string): Error => Object.assign(new Error(`${code}: some text`), { code });

const ANY: Address = { hostname: undefined, port: 9835 };
const CHOOSE = 'choose another with --web.listen-address';

describe('refusal()', () => {
  test.each<[string, Address, string]>([
    [
      'EADDRINUSE',
      ANY,
      `the address is in use (nvidia_gpu_exporter uses 9835 too: is it running?); ${CHOOSE}`,
    ],
    [
      'EADDRINUSE',
      { hostname: '127.0.0.1', port: 9835 },
      `the address is in use (nvidia_gpu_exporter uses 9835 too: is it running?); ${CHOOSE}`,
    ],
    ['EADDRINUSE', { hostname: undefined, port: 9100 }, `the address is in use; ${CHOOSE}`],
    [
      'EACCES',
      { hostname: undefined, port: 80 },
      `permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE, ${CHOOSE}`,
    ],
    ['EAFNOSUPPORT', { hostname: '::1', port: 1 }, 'IPv6 is off on this machine'],
    [
      'EADDRNOTAVAIL',
      { hostname: '2001:db8::1', port: 1 },
      `this machine has no such address; ${CHOOSE}`,
    ],
    ['EINVAL', { hostname: 'fe80::1%no', port: 1 }, `this machine has no such address; ${CHOOSE}`],
    // What a name that is not found ends in depends on how the look-up failed.
    ...['EADDRNOTAVAIL', 'ENOTFOUND', 'ENOTCONN'].map((code): [string, Address, string] => [
      code,
      { hostname: 'nowhere', port: 1 },
      `the host name is not found, or is not this machine's; ${CHOOSE}`,
    ]),
    ['EMFILE', ANY, 'EMFILE: some text'],
    ['EADDRINUSE', { unix: '/dev/null' }, 'there is a file of that name, and it is not a socket'],
    ['EACCES', { unix: '/a' }, 'permission denied: the directory must be writable'],
    ['EROFS', { unix: '/a' }, 'permission denied: the directory must be writable'],
    ['ENOENT', { unix: '/a/b' }, 'its directory does not exist'],
    ['ENAMETOOLONG', { unix: '/a' }, 'the path of a unix socket has at most 107 bytes'],
    ['EMFILE', { unix: '/a' }, 'EMFILE: some text'],
  ])('explains %s at %o', (code, address, line) => {
    expect(refusal(address, failed(code))).toBe(line);
  });

  test('repeats what it does not know', () => {
    expect(refusal(ANY, 'text')).toBe('text');
    expect(refusal({ unix: '/a' }, new Error('some text'))).toBe('some text');
  });
});
