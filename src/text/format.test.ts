import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { MetricType } from '../catalog/signal.ts';
import {
  boundText,
  CONTENT_TYPE,
  escapeHelp,
  escapeLabel,
  FORMATS,
  familyHead,
  labelSet,
} from './format.ts';

/** Any text, the characters that matter among them more often than they would come by themselves. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\\', '"', '\n', 'n', '\r', '{', '}', ','),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});
const format = fc.constantFrom(...FORMATS);

/** As a parser reads it: a backslash says what the character behind it is. */
const readBack = (escaped: string): string =>
  escaped.replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c));

describe('escapeLabel()', () => {
  test('can be undone, whatever the value, and ends neither the value nor the line', () => {
    fc.assert(
      fc.property(text, (value) => {
        const escaped = escapeLabel(value);
        expect(readBack(escaped)).toBe(value);
        expect(escaped).toMatch(/^(?:[^"\\\n]|\\["\\n])*$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves alone what needs no escape', () => {
    expect(escapeLabel("/mnt/a b'ü\t{},=")).toBe("/mnt/a b'ü\t{},=");
    expect(escapeLabel('a\\nb\n"')).toBe('a\\\\nb\\n\\"');
  });
});

describe('escapeHelp()', () => {
  test('can be undone, whatever the help, and does not end the line', () => {
    fc.assert(
      fc.property(text, format, (help, to) => {
        const escaped = escapeHelp(help, to);
        expect(readBack(escaped)).toBe(help);
        expect(escaped).not.toContain('\n');
      }),
      { numRuns: 1000 },
    );
  });

  test('escapes quotes in OpenMetrics alone', () => {
    expect(escapeHelp('a "b" \\', 'text')).toBe('a "b" \\\\');
    expect(escapeHelp('a "b" \\', 'openmetrics')).toBe('a \\"b\\" \\\\');
  });
});

describe('labelSet()', () => {
  test('writes labels in their order, and nothing where there are none', () => {
    expect(labelSet({})).toBe('');
    expect(labelSet({ b: '1', a: '' })).toBe('{b="1",a=""}');
  });

  test('can be read back, whatever the values', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, text, { maxKeys: 4 }), (labels) => {
        const set = labelSet(labels);
        const read = [...set.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/gs)];
        expect(read.map(([, key, value]) => [key, readBack(value as string)])).toEqual(
          Object.entries(labels) as [string, string][],
        );
        expect(read.map(([all]) => all).join('')).toBe(set.replace(/\}$/, ''));
      }),
    );
  });
});

test('boundText() writes the canonical number of each format', () => {
  const bounds = [0.0001, 0.5, 1, 25_000, 1e7, 2.5, -1, 1e21];
  expect(bounds.map((b) => boundText(b, 'text'))).toEqual([
    '0.0001',
    '0.5',
    '1',
    '25000',
    '10000000',
    '2.5',
    '-1',
    '1e+21',
  ]);
  expect(bounds.map((b) => boundText(b, 'openmetrics'))).toEqual([
    '0.0001',
    '0.5',
    '1.0',
    '25000.0',
    '10000000.0',
    '2.5',
    '-1.0',
    '1e+21',
  ]);
});

describe('familyHead()', () => {
  const open = (name: string, type: MetricType, unit = ''): string =>
    familyHead(name, type, 'Help.', unit, 'openmetrics');

  test('is HELP and TYPE in the text format, under the samples’ own name', () => {
    const head = (type: MetricType): string =>
      familyHead('a_total', type, 'Help.', 'bytes', 'text');
    expect(head('counter')).toBe('# HELP a_total Help.\n# TYPE a_total counter\n');
    for (const type of ['gauge', 'histogram', 'summary'] as const) {
      expect(head(type)).toEndWith(`# TYPE a_total ${type}\n`);
    }
    expect(head('unknown')).toEndWith('# TYPE a_total untyped\n');
  });

  test('names a counter without its _total in OpenMetrics', () => {
    expect(open('a_total', 'counter')).toBe('# HELP a Help.\n# TYPE a counter\n');
  });

  test('makes a counter without _total unknown in OpenMetrics, and renames nothing else', () => {
    expect(open('a', 'counter')).toBe('# HELP a Help.\n# TYPE a unknown\n');
    expect(open('a_totals', 'counter')).toContain('# TYPE a_totals unknown\n');
    for (const type of ['gauge', 'histogram', 'summary', 'unknown'] as const) {
      expect(open('a_total', type)).toBe(`# HELP a_total Help.\n# TYPE a_total ${type}\n`);
    }
  });

  test('says the unit in OpenMetrics where the family’s name ends with it', () => {
    expect(open('a_bytes', 'gauge', 'bytes')).toEndWith('# UNIT a_bytes bytes\n');
    expect(open('a_bytes_total', 'counter', 'bytes')).toEndWith('# UNIT a_bytes bytes\n');
    expect(open('a_bytes', 'counter', 'bytes')).toEndWith('# UNIT a_bytes bytes\n');
    for (const [name, type, unit] of [
      ['a_bytes_total', 'gauge', 'bytes'],
      ['a_kilobytes', 'gauge', 'bytes'],
      ['bytes', 'gauge', 'bytes'],
      ['a_bytes_used', 'gauge', 'bytes'],
      ['a_', 'gauge', ''],
      ['a_bytes', 'gauge', ''],
    ] as const) {
      expect(open(name, type, unit)).not.toContain('UNIT');
    }
  });

  test('is whole lines, whatever the help', () => {
    fc.assert(
      fc.property(text, format, (help, to) => {
        const lines = familyHead('a_bytes', 'gauge', help, 'bytes', to).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((l) => l.split(' ').slice(0, 3).join(' '))).toEqual(
          ['# HELP a_bytes', '# TYPE a_bytes', '# UNIT a_bytes'].slice(0, to === 'text' ? 2 : 3),
        );
      }),
    );
  });
});

test('CONTENT_TYPE names the version that each format is written in', () => {
  expect(CONTENT_TYPE.text).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(CONTENT_TYPE.openmetrics).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
});
