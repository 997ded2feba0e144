import { describe, expect, test } from 'bun:test';
import type { Mapped } from '../engines/engine.ts';
import { collected, engineWith } from './mapping.fixture.ts';

const ENGINE = engineWith({
  queue: [
    { gauge: { name: 't:new' }, reduce: 'sum' },
    { gauge: { name: 't:old', scale: 2 }, reduce: 'sum' },
  ],
  batch: [{ gauge: { name: 't:kind', where: { kind: ['a', 'b'] } }, reduce: 'sum' }],
  cacheCapacityTokens: [{ gauge: { name: 't:info', label: ['size', 'count'] }, reduce: 'sum' }],
});

const valuesOf = (page: string, signal: Mapped): number[] | undefined =>
  collected(page, ENGINE)
    .found.get(signal)?.[0]
    ?.hits.map((h) => h.value);

describe('of several rules the first comes first that the page has anything of', () => {
  test('the only one', () => expect(valuesOf('t:old 3\n', 'queue')).toEqual([6]));
  test('the better one, before the other', () =>
    expect(valuesOf('t:new 1\nt:old 3\n', 'queue')).toEqual([1]));
  test('the better one, behind the other', () =>
    expect(valuesOf('t:old 3\nt:old{a="1"} 4\nt:new 1\n', 'queue')).toEqual([1]));
  test('the other, where the better one says NaN', () =>
    expect(valuesOf('t:new NaN\nt:old 3\n', 'queue')).toEqual([6]));
  test('none', () => expect(valuesOf('t:other 3\n', 'queue')).toBeUndefined());
});

test('a colon and an underscore are alike, as they are to who passes pages on', () => {
  expect(valuesOf('t_new 1\n', 'queue')).toEqual([1]);
});

test('only samples with the labels of the rule count', () => {
  const page = 't:kind{kind="a"} 1\nt:kind{kind="c"} 2\nt:kind 4\nt:kind{kind="b"} 8\n';
  expect(valuesOf(page, 'batch')).toEqual([1, 8]);
});

test('a number in labels is their product; where one is none there is no number', () => {
  const page =
    't:info{size="16",count="10"} 1\nt:info{size="16",count="None"} 1\nt:info{size=""} 1\n';
  expect(valuesOf(page, 'cacheCapacityTokens')).toEqual([160]);
});

test('a rule of other versions is left out once the version is known', () => {
  const engine = engineWith({
    queue: [{ gauge: { name: 't:x' }, reduce: 'sum', versions: '<2' }],
  });
  expect(collected('t:x 1\n', engine).found.size).toBe(1);
  expect(collected('t:x 1\n', engine, '1.9').found.size).toBe(1);
  expect(collected('t:x 1\n', engine, '2.0').found.size).toBe(0);
});

test('a label without end and a page without end are limited, the rest is kept', () => {
  const long = `t:new{a="${'x'.repeat(2000)}"} 5\nt:new 1\n`;
  expect(collected(long, ENGINE)).toMatchObject({ limits: new Set(['label']) });
  expect(valuesOf(long, 'queue')).toEqual([1]);
  const many = Array.from({ length: 60_000 }, (_, i) => `t:new{a="${i}"} 1\n`).join('');
  const { found, limits } = collected(many, ENGINE);
  expect(limits).toEqual(new Set(['series']));
  expect(found.get('queue')?.[0]?.hits.length).toBe(50_000);
});
