import { describe, expect, test } from 'bun:test';
import { destination, distinct, target } from './hosts.ts';

describe('target()', () => {
  test.each([
    ['spark-1', 'spark-1:9835'],
    ['spark-1.lan:80', 'spark-1.lan:80'],
    ['10.0.0.1', '10.0.0.1:9835'],
    ['fe80::1', '[fe80::1]:9835'],
    ['[::1]', '[::1]:9835'],
    ['[::1]:80', '[::1]:80'],
  ])('of %p is %p', (host, expected) => {
    expect(target(host, '9835')).toBe(expected);
  });

  test.each([
    ['', /"" is not a host/],
    ['http://spark-1', /is not a host: expected HOST/],
    ['spark 1', /is not a host/],
    ['spark-1:', /"" is not a port/],
    ['spark-1:0', /"0" is not a port/],
    ['spark-1:65536', /"65536" is not a port/],
    ['spark-1:http', /"http" is not a port/],
    ['[spark]:1', /spark is not an IPv6 address/],
  ])('refuses %p', (host, message) => {
    expect(() => target(host, '9835')).toThrow(message);
  });

  test('refuses a standard port that is none', () => {
    expect(() => target('spark-1', 'x')).toThrow('"x" is not a port');
  });
});

test('distinct() refuses a host that is named twice', () => {
  expect(distinct(['a', 'b'])).toEqual(['a', 'b']);
  expect(() => distinct(['a', 'b', 'a'])).toThrow('a is named twice');
});

describe('destination()', () => {
  test('has the user in front, but for a host that brings its own', () => {
    expect(destination('spark-1', undefined)).toBe('spark-1');
    expect(destination('spark-1', 'ops')).toBe('ops@spark-1');
    expect(destination('root@spark-1', 'ops')).toBe('root@spark-1');
    expect(destination('fe80::1%eth0', 'ops')).toBe('ops@fe80::1%eth0');
  });

  test.each(['-oProxyCommand=x', 'a b', 'a;b', 'a/b', '', '$(x)'])('refuses %p', (host) => {
    expect(() => destination(host, undefined)).toThrow('is not a host for ssh');
  });

  test.each(['-l', 'a b', '', '$(x)'])('refuses the user %p', (user) => {
    expect(() => destination('spark-1', user)).toThrow('is not a user for ssh');
  });
});
