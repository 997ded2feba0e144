import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { buildConfig } from './config.ts';
import { ConfigError } from './error.ts';
import { writeValue } from './kinds.ts';
import { parseConfig } from './loader.ts';
import { SETTINGS } from './settings.ts';

function problems(text: string): readonly string[] {
  try {
    parseConfig(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseConfig()', () => {
  test('an empty file and a file of comments set nothing', () => {
    expect(parseConfig('', 'x').size).toBe(0);
    expect(parseConfig('# nothing\n', 'x').size).toBe(0);
    expect(parseConfig('web:\npoll:\n', 'x').size).toBe(0);
  });

  test('tells every mistake at once, each with its place and what was meant', () => {
    expect(
      problems(
        'web:\n  listen_adresses: [":1"]\n  telemetry_path: 5\npol: {interval: 5s}\n' +
          'poll: {interval: 5x, deadline: }\ndialects: [nativ]\n',
      ),
    ).toEqual([
      'x.yaml:2:3: unknown key "listen_adresses" below web; did you mean "listen_addresses"?',
      'x.yaml:3:19: web.telemetry_path: 5 is not a path such as /metrics',
      'x.yaml:4:1: unknown key "pol" at the top; did you mean "poll"?',
      'x.yaml:5:18: poll.interval: "5x" is not a duration such as 10s or 1m30s, from 1ms to 24d',
      'x.yaml:5:22: poll.deadline: nothing is not a duration such as 10s or 1m30s, from 1ms to 24d',
      'x.yaml:6:11: dialects: ["nativ"] is not a list out of native, node, dcgm',
    ]);
  });

  test.each([
    ['web: {', /^x\.yaml:1:\d+: /],
    [
      'web:\n  telemetry_path: /a\n  telemetry_path: /b\n',
      /^x\.yaml:3:3: the key "telemetry_path" stands here a second time$/,
    ],
    ['- a\n- b\n', /^x\.yaml:1:1: expected keys and values/],
    ['just text', /^x\.yaml:1:1: expected keys and values/],
    ['web: 5', /^x\.yaml:1:6: web: expected keys below it: listen_addresses, /],
    ['a: &a [*a]', /^x\.yaml:\d+:\d+: /],
    ['log: {level: loud}', /"loud" is not one of debug, info, warn, error/],
    ['a: 1\n---\nb: 2\n', /^x\.yaml:2:1: a second document begins here; a configuration is one$/],
    [
      'web: {listen_addresses: [":99999"]}',
      /: bad listen address ":99999": a port is at most 65535$/,
    ],
    ['web: {listen_addresses: ":9835"}', /":9835" is not a list of addresses; write \[":9835"\]$/],
    ['web: {listen_addresses: []}', /\[\] is not a list of addresses$/],
    ['web: {telemetry_path: metrics}', /^x\.yaml:1:23: .*: "metrics" does not begin with a slash$/],
    [
      'web: {telemetry_path: /-/ready}',
      /"\/-\/ready": what begins with \/-\/ or \/api\/ is for other/,
    ],
    ['web: {telemetry_path: /m?a=1}', /"\/m\?a=1" has characters that are not of a path$/],
    ['collectors: {uname: 5}', /collectors\.uname: .*: enabled; or true or false$/],
    ['path: {procfs: *p}', /^x\.yaml:1:16: path\.procfs: nothing before it is marked &p$/],
    ['web: *w', /^x\.yaml:1:6: web: nothing before it is marked &w$/],
  ])('refuses %p', (text, message) => {
    expect(problems(text)[0]).toMatch(message);
  });

  test('a group that can be switched off may be given as a switch', () => {
    const file =
      'gpu: {per_process: true}\nserving: false\ncollectors: {hwmon: false, cpu: true}\n';
    expect([...parseConfig(file, 'x')]).toEqual([
      ['gpu.per_process.enabled', true],
      ['serving.enabled', false],
      ['collectors.hwmon.enabled', false],
      ['collectors.cpu.enabled', true],
    ]);
    expect(problems('web: true')[0]).toStartWith('x.yaml:1:6: web: expected keys below it: ');
    expect(problems('gpu: {metrics: false}')[0]).toContain('gpu.metrics: expected keys below it: ');
    expect(problems('gpu: {per_process: 1}')[0]).toContain('gpu.per_process: expected keys below');
  });

  test('an alias is what it stands for, a value or a section', () => {
    const read = parseConfig(
      'path: {procfs: &a /a, sysfs: *a}\ncollectors: {arp: &off {enabled: false}, cpu: *off}',
      'x',
    );
    expect(Object.fromEntries(read)).toEqual({
      'path.procfs': '/a',
      'path.sysfs': '/a',
      'collectors.arp.enabled': false,
      'collectors.cpu.enabled': false,
    });
  });

  test('a choice of true and false is read from booleans and from texts, and from nothing else', () => {
    const nvidia = (value: string): string =>
      buildConfig(parseConfig(`gpu: {nvidia: ${value}}`, 'x')).gpu.nvidia;
    expect(['true', '"true"', 'false', 'auto'].map(nvidia)).toEqual([
      'true',
      'true',
      'false',
      'auto',
    ]);
    for (const wrong of ['yes', '1', '[true]']) {
      expect(problems(`gpu: {nvidia: ${wrong}}`)[0]).toContain('is not one of auto, true, false');
    }
    expect(problems('log: {level: true}')[0]).toContain('is not one of debug, info');
  });

  test('a count is a whole number that is not negative', () => {
    const top = (value: string): number =>
      buildConfig(parseConfig(`gpu: {per_process: {top: ${value}}}`, 'x')).gpu.perProcess.top;
    expect(['0', '5', '"7"'].map(top)).toEqual([0, 5, 7]);
    for (const wrong of ['-1', '1.5', '1e300', '""', 'many', 'true']) {
      expect(problems(`gpu: {per_process: {top: ${wrong}}}`)[0]).toContain('is not a whole number');
    }
  });

  test('any text is either read or refused with a place; nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        for (const p of problems(text)) expect(p).toMatch(/^x\.yaml:\d+:\d+: /);
      }),
    );
  });

  test('a file that says every default is read as the defaults', () => {
    const tree: Record<string, unknown> = {};
    for (const s of SETTINGS) {
      const keys = s.path.split('.');
      let at = tree;
      for (const key of keys.slice(0, -1)) {
        at[key] ??= {};
        at = at[key] as Record<string, unknown>;
      }
      at[keys.at(-1) as string] = s.kind === 'duration' ? writeValue(s, s.default) : s.default;
    }
    expect(buildConfig(parseConfig(stringify(tree), 'x'))).toEqual(buildConfig());
  });
});

describe('buildConfig()', () => {
  test('later layers win', () => {
    const file = parseConfig('web: {telemetry_path: /file}\npoll: {interval: 2s}', 'x');
    const flags = parseConfig('web: {telemetry_path: /flag}', 'x');
    const config = buildConfig(file, flags);
    expect(config.web.telemetryPath).toBe('/flag');
    expect(config.poll.interval).toBe(2000);
    expect(config.poll.idleInterval).toBe(10_000);
  });
});
