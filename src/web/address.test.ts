import { describe, expect, test } from 'bun:test';
import { type Address, ListenError, parseAddress, show } from './address.ts';

describe('parseAddress() and show()', () => {
  test.each<[string, Address]>([
    [':9835', { hostname: undefined, port: 9835 }],
    [':0', { hostname: undefined, port: 0 }],
    ['127.0.0.1:9835', { hostname: '127.0.0.1', port: 9835 }],
    ['0.0.0.0:65535', { hostname: '0.0.0.0', port: 65535 }],
    ['localhost:80', { hostname: 'localhost', port: 80 }],
    ['spark-1.example.org:9835', { hostname: 'spark-1.example.org', port: 9835 }],
    ['[::1]:9835', { hostname: '::1', port: 9835 }],
    ['[::]:9835', { hostname: '::', port: 9835 }],
    ['[fe80::1%eth0]:9835', { hostname: 'fe80::1%eth0', port: 9835 }],
    ['unix:/run/edgegauge.sock', { unix: '/run/edgegauge.sock' }],
    ['unix:/with:colon', { unix: '/with:colon' }],
  ])('reads %s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(show(address)).toBe(text);
  });

  const FORM = 'expected HOST:PORT, [IPv6]:PORT, :PORT or unix:/PATH';
  test.each([
    ['', FORM],
    ['9835', FORM],
    ['localhost', FORM],
    ['localhost:', FORM],
    ['localhost:http', FORM],
    ['localhost:-1', FORM],
    ['local host:1', FORM],
    ['http://localhost:1', FORM],
    ['localhost:1/metrics', FORM],
    ['[]:1', FORM],
    ['/run/edgegauge.sock', FORM],
    [':65536', 'a port is at most 65535'],
    [':99999999999999999999', 'a port is at most 65535'],
    ['[localhost]:1', 'localhost is not an IPv6 address'],
    ['[127.0.0.1]:1', '127.0.0.1 is not an IPv6 address'],
    ['::1', 'write IPv6 in brackets: [IPv6]:PORT'],
    ['::1:9835', 'write IPv6 in brackets: [IPv6]:PORT'],
    ['fe80::1:9835', 'write IPv6 in brackets: [IPv6]:PORT'],
    ['unix:', 'a unix socket needs an absolute path'],
    ['unix:edgegauge.sock', 'a unix socket needs an absolute path'],
  ])('refuses "%s"', (text, why) => {
    expect(() => parseAddress(text)).toThrow(
      new ListenError(`bad listen address "${text}": ${why}`),
    );
  });
});
