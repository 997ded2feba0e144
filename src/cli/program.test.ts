import { afterAll, describe, expect, spyOn, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../self/version.ts';
import { run } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-program-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'my.yaml');
  writeFileSync(path, text);
  return path;
}

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** One command line within this process. */
async function ended(...args: string[]): Promise<Ended> {
  const out = spyOn(process.stdout, 'write').mockImplementation(() => true);
  const err = spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await run(args);
    const text = (spy: typeof out): string =>
      spy.mock.calls.map(([chunk]) => String(chunk)).join('');
    return { out: text(out), err: text(err), code: Number(process.exitCode ?? 0) };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = 0;
  }
}

describe('run()', () => {
  test('version prints the version, and that alone', async () => {
    const { out, err, code } = await ended('version');
    expect(out).toMatch(/^edgegauge, version .*\n$/);
    expect(out).toContain(`version ${VERSION} (`);
    expect([err, code]).toEqual(['', 0]);
  });

  test('--help names the commands that are for users', async () => {
    const { out, code } = await ended('--help');
    for (const command of [
      'serve',
      'snapshot',
      'doctor',
      'check-config',
      'install',
      'uninstall',
      'scrape-config',
      'fleet',
      'version',
    ]) {
      expect(out).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
    }
    expect(out).not.toMatch(/^ +probe\b/m);
    expect(code).toBe(0);
  });

  test.each(['serve', 'snapshot', 'doctor'])(
    '%s --help has the flags of all settings',
    async (command) => {
      const { out, code } = await ended(command, '--help');
      for (const flag of [
        '--config.file',
        '--web.listen-address',
        '--collector.netdev.device-exclude',
      ]) {
        expect(out).toContain(`${flag} `);
      }
      expect(out).toMatch(/ --\[no-\]gpu\.enabled +Read GPUs\. \(default true\)/);
      expect(code).toBe(0);
    },
  );

  test.each([
    [['--poll.interval=5s', 'snapshot', '--format=xml']],
    [['--poll.interval', '5s', 'snapshot', '--format', 'xml']],
    [['--no-gpu.enabled', '--log.level', 'info', '--format', 'xml', 'snapshot']],
    // A value that is called like a command is a value.
    [['--path.rootfs', 'doctor', 'snapshot', '--format=xml']],
  ])('takes flags before the command: %j', async (args) => {
    expect(await ended(...args)).toEqual({
      out: '',
      err: 'edgegauge: --format: "xml" is not one of text, openmetrics\n',
      code: 1,
    });
  });

  test('help COMMAND has the flags of that command', async () => {
    for (const args of [
      ['help', 'snapshot'],
      ['--gpu.enabled', 'snapshot', '--help'],
      ['--help', 'snapshot'],
    ]) {
      const { out, code } = await ended(...args);
      expect(out).toContain('--format <format>');
      expect(out).toContain('--web.listen-address ');
      expect(code).toBe(0);
    }
  });

  test('check-config says that a file is good and how much it sets', async () => {
    const path = file('web: {telemetry_path: /m}\npoll: {interval: 2s}\n');
    expect(await ended('check-config', path)).toEqual({
      out: `${path}: good; it sets 2 values\n`,
      err: '',
      code: 0,
    });
  });

  test('check-config says everything that is wrong with a file', async () => {
    const path = file('web: {telemetry_path: 5}\npoll: {interval: 0s}\n');
    const { out, err, code } = await ended('check-config', path);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^edgegauge: .*my\.yaml:1:23: web\.telemetry_path: 5 is not /),
      expect.stringMatching(/^.*my\.yaml:2:18: poll\.interval: "0s" is not /),
      '',
    ]);
    expect([out, code]).toEqual(['', 1]);
  });

  test.each([
    [
      ['serve', '--config.file=/nowhere.yaml'],
      /^edgegauge: \/nowhere\.yaml cannot be read: there is no such file\n$/,
    ],
    [['snapshot', '--config.file=/nowhere.yaml'], /^edgegauge: \/nowhere\.yaml cannot be read: /],
    [
      ['snapshot', '--format=xml'],
      /^edgegauge: --format: "xml" is not one of text, openmetrics\n$/,
    ],
    [['--poll.interval=5x'], /^edgegauge: .*--poll\.interval.*a duration such as/],
    [
      ['doctor', '--web.listen-addres=:1'],
      /^edgegauge: unknown option '--web\.listen-addres=:1'; did you mean --web\.listen-address\?\n$/,
    ],
    [
      ['--log.level=info', 'check-config', 'a.yaml'],
      /^edgegauge: unknown option '--log.level=info'/,
    ],
    [['--log.level', 'nonsense', 'doctor'], /^edgegauge: .*--log\.level.*one of/],
    [['check-config'], /^edgegauge: missing required argument 'file'\n$/],
    [['serv'], /^edgegauge: there is no command "serv"; did you mean "serve"\?\n$/],
    [
      ['nonsense'],
      /^edgegauge: there is no command "nonsense"; there are help, serve, .*version\n$/,
    ],
    [['help', 'snapshoot'], /^edgegauge: there is no command "snapshoot"; did you mean "snapshot"/],
    [['serve', 'now'], /^edgegauge: too many arguments for 'serve'/],
    [
      ['--gpu.enabled=false'],
      /^edgegauge: unknown option '--gpu.enabled=false'; it takes no value: write --gpu.enabled or --no-gpu.enabled\n$/,
    ],
    [['--no-gpu.enabled=1'], /; it takes no value: write --gpu.enabled or --no-gpu.enabled\n$/],
    [['--config.file='], /^edgegauge: the name of the configuration file is empty\n$/],
    [['check-config', '/'], /^edgegauge: \/ cannot be read: it is a directory\n$/],
    [['--web.telemetry-path=m'], /^edgegauge: .*"m" does not begin with a slash\.\n$/],
    [['--web.listen-address=:99999'], /^edgegauge: .* a port is at most 65535\.\n$/],
    [['scrape-config'], /^edgegauge: missing required argument 'host'\n$/],
    [['scrape-config', 'a b'], /^edgegauge: "a b" is not a host: /],
    [['fleet', 'install'], /^edgegauge: missing required argument 'host'\n$/],
    [
      ['fleet', 'install', 'a', '--parallel=0'],
      /^edgegauge: .*--parallel.*not a number from 1 on\.\n$/,
    ],
    [['install'], /^edgegauge: (only the compiled program can install itself|install needs root)/],
  ])('refuses %j in one breath, with exit code 1', async (args, message) => {
    const { out, err, code } = await ended(...args);
    expect(err).toMatch(message);
    expect([out, code]).toEqual(['', 1]);
  });
});
