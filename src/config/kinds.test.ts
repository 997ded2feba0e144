import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { expected, readValue, writeValue } from './kinds.ts';
import type { Kind, Setting, Value } from './setting.ts';
import { SETTINGS } from './settings.ts';

const of = ['red', 'green', 'blue'];
const setting = (kind: Kind): Setting => ({
  path: 'a.b',
  flag: 'a.b',
  kind,
  default: '',
  help: 'Test.',
  ...(kind === 'choice' || kind === 'choices' ? { of } : {}),
});

const DAY = 86_400_000;
const GOOD: readonly (readonly [Kind, unknown, Value])[] = [
  ['text', '', ''],
  ['text', '/metrics', '/metrics'],
  ['library', '', ''],
  ['library', '/usr/lib/x.so.1', '/usr/lib/x.so.1'],
  ['library', 'x.so.1', 'x.so.1'],
  ['texts', [], []],
  ['texts', ['a', 'a'], ['a', 'a']],
  ['addresses', [':9835', '[::1]:0', 'unix:/run/x'], [':9835', '[::1]:0', 'unix:/run/x']],
  ['path', '/', '/'],
  ['path', '/api-metrics', '/api-metrics'],
  ['pattern', '^(lo|eth\\d+)$', '^(lo|eth\\d+)$'],
  ['pattern', '', ''],
  ['duration', '1ms', 1],
  ['duration', '1m30s', 90_000],
  ['duration', '24d', 24 * DAY],
  ['boolean', true, true],
  ['boolean', false, false],
  ['choice', 'green', 'green'],
  ['choices', ['blue', 'red'], ['blue', 'red']],
];
const BAD: readonly (readonly [Kind, unknown])[] = [
  ['text', 5],
  ['text', null],
  ['text', ['a']],
  ['library', './x.so'],
  ['library', 'lib/x.so'],
  ['library', 5],
  ['texts', 'a'],
  ['texts', [1]],
  ['texts', null],
  ['addresses', ':9835'],
  ['addresses', []],
  ['addresses', [':9835', 'here']],
  ['path', 5],
  ['path', ''],
  ['path', 'metrics'],
  ['path', '/api/v1/status'],
  ['path', '/a b'],
  ['pattern', '('],
  ['pattern', '[a'],
  ['pattern', 5],
  ['duration', 10],
  ['duration', '10'],
  ['duration', '0'],
  ['duration', '0s'],
  ['duration', '25d'],
  ['duration', '999999999999999999999d'],
  ['duration', '-1s'],
  ['duration', null],
  ['boolean', 'true'],
  ['boolean', 1],
  ['boolean', null],
  ['choice', 'pink'],
  ['choice', ''],
  ['choice', ['red']],
  ['choices', []],
  ['choices', ['pink']],
  ['choices', ['red', 'pink']],
  ['choices', 'red'],
  ['choices', null],
];

describe('readValue()', () => {
  test.each(GOOD)('takes as %s %j', (kind, raw, value) => {
    expect(readValue(setting(kind), raw)).toEqual(value);
  });

  test.each(BAD)('refuses as %s %j', (kind, raw) => {
    expect(readValue(setting(kind), raw)).toBeUndefined();
  });

  test('throws at nothing, whatever a file holds', () => {
    const kinds = fc.constantFrom(...new Set(GOOD.map(([kind]) => kind)));
    fc.assert(
      fc.property(kinds, fc.anything(), (kind, raw) => {
        const value = readValue(setting(kind), raw);
        if (value !== undefined) expect(readBack(kind, value)).toEqual(value);
      }),
    );
  });

  test('takes a pattern exactly where a regular expression can be made of it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab(|)[]{1}*+?\\^$.') });
    fc.assert(
      fc.property(text, (source) => {
        let good = true;
        try {
          new RegExp(source);
        } catch {
          good = false;
        }
        expect(readValue(setting('pattern'), source)).toBe(good ? source : (undefined as never));
      }),
    );
  });
});

/** What a YAML file says that has the value written in it. */
function readBack(kind: Kind, value: Value): Value | undefined {
  return readValue(setting(kind), parse(writeValue(setting(kind), value)));
}

describe('writeValue()', () => {
  test('writes what readValue() reads back, as YAML', () => {
    const value = fc.oneof(
      fc.tuple(
        fc.constant<Kind>('text'),
        fc.string({ unit: 'binary' }).map((s) => s.toWellFormed()),
      ),
      fc.tuple(fc.constant<Kind>('texts'), fc.array(fc.string({ unit: 'grapheme' }))),
      fc.tuple(fc.constant<Kind>('duration'), fc.integer({ min: 1, max: 24 * DAY })),
      fc.tuple(fc.constant<Kind>('boolean'), fc.boolean()),
      fc.tuple(fc.constant<Kind>('choice'), fc.constantFrom(...of)),
      fc.tuple(fc.constant<Kind>('choices'), fc.subarray(of, { minLength: 1 })),
    );
    fc.assert(
      fc.property(value, ([kind, v]) => {
        expect(readBack(kind, v)).toEqual(v);
      }),
      { numRuns: 500 },
    );
  });

  test('writes the default of every setting so that it is read as the default', () => {
    for (const s of SETTINGS) {
      expect([s.path, readValue(s, parse(writeValue(s, s.default)))]).toEqual([s.path, s.default]);
    }
  });
});

test('expected() says what a value looks like, and which there are to choose from', () => {
  expect(expected(setting('text'))).toBe('a text');
  expect(expected(setting('choice'))).toBe('one of red, green, blue');
  expect(expected(setting('choices'))).toBe('a list out of red, green, blue');
  expect(expected(setting('duration'))).toContain('10s');
});
