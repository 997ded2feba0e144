import { expect, test } from 'bun:test';
import { ruleZone } from './tz-rule.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const BERLIN = 'CET-1CEST,M3.5.0,M10.5.0/3';

test('ruleZone() changes in Berlin on the last Sundays of March and October at 01:00 UTC', () => {
  const winter = { abbreviation: 'CET', offset: 3600 };
  const summer = { abbreviation: 'CEST', offset: 7200 };
  expect(ruleZone(BERLIN, at('2026-03-29T00:59:59Z'))).toEqual({
    ...winter,
    since: at('2025-10-26T01:00Z'),
    until: at('2026-03-29T01:00Z'),
  });
  expect(ruleZone(BERLIN, at('2026-03-29T01:00Z'))).toEqual({
    ...summer,
    since: at('2026-03-29T01:00Z'),
    until: at('2026-10-25T01:00Z'),
  });
  expect(ruleZone(BERLIN, at('2026-10-25T01:00Z'))).toMatchObject(winter);
});

test('ruleZone() knows the southern summer, which spans the turn of the year', () => {
  const sydney = 'AEST-10AEDT,M10.1.0,M4.1.0/3';
  expect(ruleZone(sydney, at('2026-01-01T00:00Z'))).toEqual({
    abbreviation: 'AEDT',
    offset: 39_600,
    since: at('2025-10-04T16:00Z'),
    until: at('2026-04-04T16:00Z'),
  });
});

test('ruleZone() reads odd offsets, names in brackets, and times beyond the day', () => {
  const chatham = '<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45';
  expect(ruleZone(chatham, at('2026-11-21T00:00Z'))).toMatchObject({
    abbreviation: '+1345',
    offset: 49_500,
  });
  // Hebron: 50 hours after the start of a Thursday is Saturday 02:00.
  const hebron = 'EET-2EEST,M3.4.4/50,M10.4.4/50';
  expect(ruleZone(hebron, at('2026-06-01T00:00Z'))?.since).toBe(at('2026-03-28T00:00Z'));
  // Nuuk: the change is at 22:00 of the day before.
  const nuuk = '<-02>2<-01>,M3.5.0/-1,M10.5.0/0';
  expect(ruleZone(nuuk, at('2026-06-01T00:00Z'))?.since).toBe(at('2026-03-29T01:00Z'));
});

test('ruleZone() counts days with and without 29 February', () => {
  const rule = (start: string): string => `AAA0BBB,${start}/0,J365/0`;
  const start = (text: string, year: number): number | undefined =>
    ruleZone(rule(text), at(`${year}-07-01T00:00Z`))?.since;
  expect(start('J60', 2027)).toBe(at('2027-03-01T00:00Z'));
  expect(start('J60', 2028)).toBe(at('2028-03-01T00:00Z'));
  expect(start('59', 2027)).toBe(at('2027-03-01T00:00Z'));
  expect(start('59', 2028)).toBe(at('2028-02-29T00:00Z'));
});

test('ruleZone() needs no dates where the zone never changes', () => {
  const kolkata = ruleZone('IST-5:30', 0);
  expect(kolkata).toEqual({
    abbreviation: 'IST',
    offset: 19_800,
    since: -Infinity,
    until: Infinity,
  });
});

test('ruleZone() does not guess at what it cannot read', () => {
  for (const rule of ['', 'C', 'CET', 'CET-1CEST', 'CET-1CEST,M3', 'CET-1CEST,M3.9.0,M10.5.0']) {
    expect(ruleZone(rule, 0)).toBeUndefined();
  }
});
