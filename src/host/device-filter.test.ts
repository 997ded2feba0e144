import { expect, test } from 'bun:test';
import { deviceFilter } from './device-filter.ts';

test('deviceFilter() lets everything through without patterns, or with empty ones', () => {
  expect(deviceFilter({})('eth0')).toBe(true);
  expect(deviceFilter({ deviceExclude: '', deviceInclude: '' })('eth0')).toBe(true);
});

test('deviceFilter() leaves out what is excluded and what is not included', () => {
  const wanted = deviceFilter({ deviceExclude: '1$', deviceInclude: '^eth' });
  expect(['eth0', 'eth1', 'lo'].map(wanted)).toEqual([true, false, false]);
});

test('deviceFilter() refuses a pattern that is none', () => {
  expect(() => deviceFilter({ deviceExclude: '(' })).toThrow(SyntaxError);
});
