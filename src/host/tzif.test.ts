import { expect, test } from 'bun:test';
import { tzif } from './tzif.fixture.ts';
import { zoneAt } from './tzif.ts';

const types = [
  { offset: 3208, abbreviation: 'LMT' },
  { offset: 3600, abbreviation: 'CET' },
  { offset: 7200, abbreviation: 'CEST' },
];
const BEFORE_1901 = -2_422_054_408;
const changes = [
  [BEFORE_1901, 1],
  [1000, 2],
  [2000, 1],
] as const;

test('zoneAt() finds the type that began last, and when it ends', () => {
  const file = tzif({ types, changes });
  expect(zoneAt(file, 1500)).toEqual({
    abbreviation: 'CEST',
    offset: 7200,
    since: 1000,
    until: 2000,
  });
  expect(zoneAt(file, 999)).toMatchObject({ abbreviation: 'CET', since: BEFORE_1901, until: 1000 });
  expect(zoneAt(file, 1000).abbreviation).toBe('CEST');
  expect(zoneAt(file, 2000)).toMatchObject({ abbreviation: 'CET', since: 2000, until: Infinity });
});

test('zoneAt() answers the first type before the first change', () => {
  const zone = zoneAt(tzif({ types, changes }), BEFORE_1901 - 1);
  expect(zone).toMatchObject({ abbreviation: 'LMT', offset: 3208, since: -Infinity });
});

test('zoneAt() follows the rule after the last change', () => {
  const file = tzif({ types, changes, rule: 'CET-1CEST,M3.5.0,M10.5.0/3' });
  const summer = Date.UTC(2026, 6, 1) / 1000;
  expect(zoneAt(file, summer).abbreviation).toBe('CEST');
  expect(zoneAt(file, 1500).until).toBe(2000);
});

test('zoneAt() reads files that have a rule alone, or only 32-bit times', () => {
  const utc = [{ offset: 0, abbreviation: 'UTC' }];
  const always = { abbreviation: 'UTC', offset: 0, since: -Infinity, until: Infinity };
  expect(zoneAt(tzif({ types: utc, rule: 'UTC0' }), 5)).toEqual(always);
  expect(zoneAt(tzif({ types: utc, version: 1 }), 5)).toEqual(always);
  const old = tzif({ types, changes: changes.slice(1), version: 1 });
  expect(zoneAt(old, 1500)).toMatchObject({ abbreviation: 'CEST', since: 1000, until: 2000 });
});

test('zoneAt() throws on what is no zone file, and on one that is cut short', () => {
  expect(() => zoneAt(new Uint8Array(100), 0)).toThrow('not a time zone file');
  const whole = tzif({ types, changes });
  for (const length of [0, 3, 43, 60, 120]) {
    expect(() => zoneAt(whole.subarray(0, length), 1500)).toThrow();
  }
});
