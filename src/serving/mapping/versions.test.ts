import { expect, test } from 'bun:test';
import { includesVersion, parseRange } from './versions.ts';

test.each([
  ['>=0.9.2 <0.11', '0.9.2', true],
  ['>=0.9.2 <0.11', '0.10.1.dev3+g12', true],
  ['>=0.9.2 <0.11', '0.11.0', false],
  ['>=0.9.2 <0.11', 'v0.9.1', false],
  ['<1', '0.26.0', true],
  ['=1.3', '1.3.0rc29', true],
  ['<=1.3', '1.3.1', false],
  ['>1.3', '1.3', false],
  [undefined, '1.0', true],
  ['>=5', undefined, true],
  ['>=5', 'main', true],
])('%p and version %p: %p', (range, version, included) => {
  expect(includesVersion(range, version)).toBe(included);
});

test.each(['', '1.0', '>=x', '>= 1', '~1.2'])('"%s" is no range', (range) => {
  expect(parseRange(range)).toBeUndefined();
});
