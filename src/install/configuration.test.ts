import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Configuration, checkKept, readGiven } from './configuration.ts';
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

  test('takes a file along once that is named twice', async () => {
    const ca = 'client_ca_file: a.crt, client_auth_type: RequireAndVerifyClientCert';
    const text = tls('a.crt', 'a.key').replace(' }', `, ${ca} }`);
    const webConfig = file('twice/tls.yaml', text);
    file('twice/a.crt', 'x');
    expect((await read({ webConfig })).files).toHaveLength(1);
  });

  test('refuses certificates that are none', async () => {
    const webConfig = file('broken/tls.yaml', tls('a.crt', 'a.key'));
    file('broken/a.crt', 'x');
    file('broken/a.key', 'x');
    await expect(read({ webConfig })).rejects.toThrow(/tls\.yaml:1:\d+: .*certificate/);
  });

  test('refuses a certificate that would be looked for elsewhere once it is installed', async () => {
    const webConfig = file('up/web/tls.yaml', tls('../a.crt', '/etc/ssl/a.key'));
    await expect(read({ webConfig })).rejects.toThrow(
      `${webConfig}:1:33: tls_server_config.cert_file: it leads out of the directory of ${webConfig}`,
    );
  });

  test('looks for absolute paths on this machine, or leaves that to the others', async () => {
    const webConfig = file('abs/tls.yaml', tls('/nowhere/a.crt', '/nowhere/a.key'));
    await expect(read({ webConfig })).rejects.toThrow('/nowhere/a.crt cannot be read');
    const given = { config: undefined, webConfig };
    expect((await readGiven(at, given, 'there')).files).toEqual([]);
  });
});

describe('checkKept()', () => {
  const nothing = { config: undefined, webConfig: undefined };

  test('finds a mistake in what is there, unless it is replaced', async () => {
    await checkKept(at, nothing);
    const config = file('machine/etc/edgegauge/edgegauge.yaml', 'dialects: [klingon]\n');
    await expect(checkKept(at, nothing)).rejects.toThrow(`${config}:1:11: dialects`);
    await checkKept(at, { ...nothing, config: 'other.yaml' });
    rmSync(config);
    const web = file('machine/etc/edgegauge/web-config.yaml', 'tls_server_confg: {}\n');
    await expect(checkKept(at, nothing)).rejects.toThrow(`${web}:1:1: `);
    await checkKept(at, { ...nothing, webConfig: 'other.yaml' });
    rmSync(web);
  });
});
