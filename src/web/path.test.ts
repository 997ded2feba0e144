import { describe, expect, test } from 'bun:test';
import { pathOf, queryOf } from './path.ts';

/** What Bun.serve hands over; `new Request` would refuse a path alone. */
const request = (url: string): Request => ({ url }) as Request;

describe('pathOf()', () => {
  test.each([
    ['http://a/', '/'],
    ['http://a/metrics', '/metrics'],
    ['http://127.0.0.1:9835/metrics?dialect=node', '/metrics'],
    ['http://[::1]:9835/metrics?x=/y', '/metrics'],
    ['https://host/-/ready', '/-/ready'],
    ['http://a//metrics', '//metrics'],
    ['http://a/%6detrics', '/metrics'],
    ['http://a/m%C3%A9triques', '/métriques'],
    ['http://a/metrics%2Fx', '/metrics%2Fx'],
    ['http://a/%', '/%'],
    ['http://a/%ff?%ff', '/%ff'],
  ])('of %s is %s', (url, path) => {
    expect(pathOf(request(url))).toBe(path);
  });

  test.each([
    ['/metrics', '/metrics'],
    ['/metrics?dialect=node', '/metrics'],
    ['/', '/'],
    ['/?a=http://b/c', '/'],
  ])('of %s, a URL without a host, is %s', (url, path) => {
    expect(pathOf(request(url))).toBe(path);
  });
});

describe('queryOf()', () => {
  test.each([
    ['http://a/metrics', ''],
    ['http://a/metrics?', ''],
    ['http://a/metrics?dialect=node&a=b?c', 'dialect=node&a=b?c'],
    ['/metrics?dialect=node', 'dialect=node'],
  ])('of %s is "%s"', (url, query) => {
    expect(queryOf(request(url))).toBe(query);
  });
});
