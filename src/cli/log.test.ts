import { describe, expect, spyOn, test } from 'bun:test';
import fc from 'fast-check';
import { createLog, type Fields, LEVELS, type LogOptions, logLine } from './log.ts';

const TIME = '2026-11-21T01:02:03.456Z';
const logfmt = (message: string, fields: Fields = {}): string =>
  logLine('logfmt', TIME, 'warn', message, fields);

/** Any text, what matters to a parser or a terminal in it more often than it would be by itself. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...' =",\\\n\t\r\u001b\u007f\u009b\u2028a'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** Pairs of a logfmt line, as a parser of the Prometheus world reads them. */
function parse(line: string): [string, string][] {
  const pairs = [...line.matchAll(/(?:^| )(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"=]*))/gs)];
  expect(pairs.map(([all]) => all).join('')).toBe(line);
  return pairs.map(([, key, quoted, bare]) => [
    key as string,
    quoted === undefined ? (bare as string) : (JSON.parse(`"${quoted}"`) as string),
  ]);
}

describe('logLine()', () => {
  test('writes logfmt, in quotes only what needs them', () => {
    expect(logfmt('listening', { address: '[::1]:9835', n: 5, ok: true })).toBe(
      `time=${TIME} level=warn msg=listening address=[::1]:9835 n=5 ok=true`,
    );
    expect(logfmt('source failed', { error: 'a "b" c=d\\e', empty: '' })).toBe(
      `time=${TIME} level=warn msg="source failed" error="a \\"b\\" c=d\\\\e" empty=""`,
    );
  });

  test('writes logfmt that reads back as it was, on one line, whatever is in it', () => {
    fc.assert(
      fc.property(text, text, (message, value) => {
        const line = logfmt(message, { value, last: 1 });
        expect(line).not.toMatch(/\p{Cc}|\u2028/u);
        expect(parse(line)).toEqual([
          ['time', TIME],
          ['level', 'warn'],
          ['msg', message],
          ['value', value],
          ['last', '1'],
        ]);
      }),
      { numRuns: 1000 },
    );
  });

  test('writes JSON that reads back as it was, on one line, whatever is in it', () => {
    fc.assert(
      fc.property(text, text, (message, value) => {
        const line = logLine('json', TIME, 'error', message, { value, n: 5, ok: false });
        expect(line).not.toContain('\n');
        expect(JSON.parse(line)).toEqual({
          time: TIME,
          level: 'error',
          msg: message,
          value,
          n: 5,
          ok: false,
        });
      }),
    );
  });
});

describe('createLog()', () => {
  /** What a log writes to standard error when something is said at every level. */
  function written(
    options: () => LogOptions,
    said: (log: ReturnType<typeof createLog>) => void,
  ): string[] {
    const spy = spyOn(console, 'error').mockImplementation(() => {});
    try {
      said(createLog(options));
      return spy.mock.calls.map(([line]) => String(line));
    } finally {
      spy.mockRestore();
    }
  }

  test.each(LEVELS.map((level, at) => [level, LEVELS.slice(at)] as const))(
    'at level %s writes what is as severe or more',
    (level, shown) => {
      const lines = written(
        () => ({ level, format: 'logfmt' }),
        (log) => {
          for (const l of LEVELS) log(l, 'said');
        },
      );
      expect(lines.map((line) => /level=(\w+)/.exec(line)?.[1])).toEqual([...shown]);
    },
  );

  test('writes whole lines with the time of now, in the form of the moment', () => {
    let options: LogOptions = { level: 'info', format: 'logfmt' };
    const before = Date.now();
    const [first, second, ...more] = written(
      () => options,
      (log) => {
        log('info', 'one');
        options = { level: 'error', format: 'json' };
        log('info', 'not this');
        log('error', 'two', { n: 2 });
      },
    );
    expect(more).toEqual([]);
    const time = /^time=(\S+) level=info msg=one$/.exec(first ?? '')?.[1] ?? '';
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
    expect(second).toEndWith('}');
    expect(JSON.parse(second ?? '')).toMatchObject({ level: 'error', msg: 'two', n: 2 });
  });
});
