import { describe, expect, test } from 'bun:test';
import { acceptsGzip, negotiateFormat } from './negotiate.ts';

const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

describe('negotiateFormat()', () => {
  test.each([
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0', 'openmetrics'],
    ['application/openmetrics-text; version="1.0.0"; charset=utf-8', 'openmetrics'],
    ['application/openmetrics-text;version=2.0.0', 'text'],
    ['text/plain;version=0.0.4;q=0.9, application/openmetrics-text;version=1.0.0;q=0.1', 'text'],
    [
      'text/plain;version=0.0.4;q=0.1, application/openmetrics-text;version=1.0.0;q=0.9',
      'openmetrics',
    ],
    ['application/openmetrics-text;q=0', 'text'],
    [PROMETHEUS, 'openmetrics'],
    [';;;,,q=,text/plain;q=nonsense', 'text'],
  ] as const)('answers to %p with %p', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});

describe('acceptsGzip()', () => {
  test.each([
    [undefined, false],
    ['gzip', true],
    ['GZIP;q=1.0', true],
    ['gzip;q=0', false],
    ['identity', false],
    ['deflate, gzip;q=0.5', true],
    ['gzip;q=0.1, identity;q=0.9', false],
    ['*', true],
    ['*;q=0', false],
    ['*, gzip;q=0', false],
  ] as const)('answers to %p with %p', (accept, wanted) => {
    expect(acceptsGzip(accept)).toBe(wanted);
  });
});
