import { describe, expect, test } from 'bun:test';
import { Command } from 'commander';
import { writeValue } from '../config/kinds.ts';
import type { Setting, Value } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { addFlags, watchSwitches } from './flags.ts';

function command(into: Map<string, Value>): Command {
  const made = new Command('test').exitOverride().configureOutput({ writeErr() {}, writeOut() {} });
  addFlags(made, into);
  watchSwitches(made, into);
  return made;
}

/** What a command line sets, as an object of paths. */
function set(...args: string[]): Record<string, Value> {
  const into = new Map<string, Value>();
  command(into).parse(args, { from: 'user' });
  return Object.fromEntries(into);
}

/** Why a command line is refused. */
function refusal(...args: string[]): string {
  try {
    set(...args);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

/** A flag's text that is not its default, and the value that it means. */
function given({ kind, of }: Setting): [text: string, value: Value] {
  switch (kind) {
    case 'duration':
      return ['1m30s', 90_000];
    case 'choice':
      return [of?.at(-1) as string, of?.at(-1) as string];
    case 'choices':
      return [of?.join(',') as string, [...(of as readonly string[])]];
    case 'count':
      return ['7', 7];
    case 'library':
      return ['/a,b c=d', '/a,b c=d'];
    case 'addresses':
      return ['[::1]:80', ['[::1]:80']];
    case 'path':
      return ['/m', '/m'];
    case 'texts':
      return ['/a,b c', ['/a,b c']];
    default:
      return ['^(a|b c)=$', '^(a|b c)=$'];
  }
}

describe('flags', () => {
  const switches = SETTINGS.filter((s) => s.kind === 'boolean');
  const valued = SETTINGS.filter((s) => s.kind !== 'boolean');

  test('set nothing where none is given', () => {
    expect(set()).toEqual({});
  });

  test('set each their own setting, after a space or an equals sign', () => {
    for (const setting of valued) {
      const [text, value] = given(setting);
      expect(set(`--${setting.flag}`, text)).toEqual({ [setting.path]: value });
      expect(set(`--${setting.flag}=${text}`)).toEqual({ [setting.path]: value });
    }
  });

  test('switch each their own setting on, and off with --no-, the last one wins', () => {
    for (const { flag, path } of switches) {
      expect(set(`--${flag}`)).toEqual({ [path]: true });
      expect(set(`--no-${flag}`)).toEqual({ [path]: false });
      expect(set(`--no-${flag}`, `--${flag}`)).toEqual({ [path]: true });
      expect(set(`--${flag}`, `--no-${flag}`, `--no-${flag}`)).toEqual({ [path]: false });
    }
  });

  test('of all settings can be given at once', () => {
    const args = SETTINGS.map((s) =>
      s.kind === 'boolean' ? `--no-${s.flag}` : `--${s.flag}=${given(s)[0]}`,
    );
    expect(set(...args)).toEqual(
      Object.fromEntries(SETTINGS.map((s) => [s.path, s.kind === 'boolean' ? false : given(s)[1]])),
    );
  });

  test('that hold lists add up, others count for the last time they are given', () => {
    expect(
      set(
        '--web.listen-address=:1',
        '--log.level=warn',
        '--web.listen-address',
        '[::1]:2',
        '--log.level=error',
      ),
    ).toEqual({
      'web.listen_addresses': [':1', '[::1]:2'],
      'log.level': 'error',
    });
    expect(set('--dialect=native', '--dialect=node')).toEqual({ dialects: ['native', 'node'] });
    expect(set('--dialect=node,native')).toEqual({ dialects: ['node', 'native'] });
    expect(set('--collector.textfile.directory=/a/*', '--collector.textfile.directory=/b')).toEqual(
      {
        'collectors.textfile.directory': ['/a/*', '/b'],
      },
    );
  });

  test('can be empty where a text or a pattern may be', () => {
    expect(set('--collector.netdev.device-exclude=')).toEqual({
      'collectors.netdev.device_exclude': '',
    });
  });

  test.each([
    ['--log.level=loud', 'one of debug, info, warn, error'],
    ['--dialect=klingon', 'a list out of native, node'],
    ['--dialect=native,klingon', 'a list out of native, node'],
    ['--dialect=', 'a list out of native, node'],
    ['--poll.interval=5x', 'a duration such as 10s'],
    ['--poll.interval=0s', 'a duration such as 10s'],
    ['--poll.interval=-5s', 'a duration such as 10s'],
    ['--collector.vmstat.fields=(', 'a regular expression'],
  ])('are refused with what was expected: %s', (arg, what) => {
    const message = refusal(arg);
    expect(message).toContain(arg.split('=')[0] as string);
    expect(message).toContain(what);
  });

  test('are refused that do not exist, lack their value, or have one that they do not take', () => {
    expect(refusal('--log.levels=info')).toContain('unknown option');
    expect(refusal('--no-log.level')).toContain('unknown option');
    expect(refusal('--log.level')).toContain('argument missing');
    expect(refusal('--collector.cpu=false')).toContain('unknown option');
    expect(refusal('--no-collector.cpu=true')).toContain('unknown option');
  });

  test('are in the help with their default, once each', () => {
    const lines = command(new Map())
      .helpInformation()
      .replace(/\n {10,}/g, ' ')
      .split('\n');
    for (const setting of SETTINGS) {
      const pattern = new RegExp(`^ +--${setting.flag.replaceAll('.', '\\.')}( <\\w+>)?  `);
      const [line, ...more] = lines.filter((l) => pattern.test(l));
      expect([setting.flag, more]).toEqual([setting.flag, []]);
      const text = (s: string): string => s.replace(/\s+/g, '');
      expect(text(line ?? '')).toContain(text(setting.help));
      expect(text(line ?? '')).toContain(text(`(default ${writeValue(setting, setting.default)})`));
    }
    expect(lines.join('\n')).not.toContain('--no-');
  });
});
