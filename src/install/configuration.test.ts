import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Configuration, readGiven, relativePaths } from './configuration.ts';
import { places } from './places.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-configuration-'));
afterAll(() => rmSync(directory, { recursive: true }));

const at = places(join(directory, 'machine'));

function file(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const read = (given: { config?: string; webConfig?: string }): Promise<Configuration> =>
  readGiven(at, { config: given.config, webConfig: given.webConfig });

const tls = (cert: string, key: string): string =>
  `tls_server_config: { cert_file: ${cert}, key_file: ${key} }\n`;

describe('relativePaths()', () => {
  test('are those that are relative to the file and below it', () => {
    expect(relativePaths(tls('a.crt', 'tls/a.key'))).toEqual(['a.crt', 'tls/a.key']);
    expect(relativePaths(tls('/etc/ssl/a.crt', '../a.key'))).toEqual([]);
    expect(relativePaths('')).toEqual([]);
  });
});

describe('readGiven()', () => {
  test('leaves what was not given', async () => {
    expect(await read({})).toEqual({ config: undefined, webConfig: undefined, files: [] });
  });

  test('has the texts', async () => {
    const config = file('good.yaml', 'dialects: [node]\n');
    const webConfig = file('open.yaml', '# nothing\n');
    expect(await read({ config, webConfig })).toEqual({
      config: 'dialects: [node]\n',
      webConfig: '# nothing\n',
      files: [],
    });
  });

  test('refuses what the service would refuse, with its place', async () => {
    const config = file('bad.yaml', 'poll:\n  interval: 5x\n');
    await expect(read({ config })).rejects.toThrow(`${config}:2:13: poll.interval`);
    const webConfig = file('bad-web.yaml', 'tls_server_confg: {}\n');
    await expect(read({ webConfig })).rejects.toThrow(`${webConfig}:1:1: `);
    await expect(read({ config: join(directory, 'none') })).rejects.toThrow(
      'there is no such file',
    );
  });

  test('names certificates that are neither beside the file nor installed', async () => {
    const webConfig = file('web/tls.yaml', tls('a.crt', 'a.key'));
    await expect(read({ webConfig })).rejects.toThrow(
      `${webConfig}: it names ${join(directory, 'web/a.crt')}, which is not there\n`,
    );
  });

  test('takes those along that are beside it, and leaves those that are installed', async () => {
    const webConfig = file('some/tls.yaml', tls('a.crt', 'a.key'));
    const from = file('some/a.crt', 'x');
    file('machine/etc/edgegauge/a.key', 'x');
    expect((await read({ webConfig })).files).toEqual([{ from, to: join(at.directory, 'a.crt') }]);
  });

  test('refuses certificates that are none', async () => {
    const webConfig = file('broken/tls.yaml', tls('a.crt', 'a.key'));
    file('broken/a.crt', 'x');
    file('broken/a.key', 'x');
    await expect(read({ webConfig })).rejects.toThrow(/tls\.yaml:1:\d+: .*certificate/);
  });
});
