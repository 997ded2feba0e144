/**
 * Web configuration files, good and bad. What is to be said of a bad one stands in it: each line that begins
 * with `#! `. Names that begin with `own-` have keys that only newer toolkits than the packaged promtool know.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/error.ts';
import { explain } from '../../src/config/web/explain.ts';
import { type LoadedWeb, loadWebConfig } from '../../src/config/web/load.ts';
import { TOP_KEYS } from '../../src/config/web/parse.ts';
import { TLS_KEYS } from '../../src/config/web/tls.ts';
import { OPEN } from '../../src/config/web/web-config.ts';
import { listen, type Transport, TransportError } from '../../src/web/listen.ts';
import { tlsOptions } from '../../src/web/tls.ts';
import { command } from '../edgegauge.ts';
import { promtool } from '../parts/programs.ts';
import { ROOT, testWith } from '../parts.ts';
import { Certificates } from './certificates.ts';

const HERE = import.meta.dir;
const HASH = '$2b$10$Q5wyLlYAzh9gDHlhjUSpn.6qR6RPxWHD4oXQgTK4hGmKfmXJeHl6i';
const named = (end: string): string[] => readdirSync(HERE).filter((name) => name.endsWith(end));

let certificates: Certificates;
beforeAll(() => {
  certificates = new Certificates();
});
afterAll(() => certificates[Symbol.dispose]());

/** The file with its certificates put in, beside those that it names. */
function put(name: string): string {
  const text = readFileSync(join(HERE, name), 'utf8')
    .replaceAll('@hash@', HASH)
    .replace(/^( *)@(\S+)@$/gm, (_, indent: string, file: string) => {
      const folder = file.endsWith('.key') ? 'keys/' : '';
      const pem = readFileSync(certificates.path(`${folder}${file}`), 'utf8');
      return pem.trimEnd().replaceAll(/^/gm, indent);
    });
  const path = certificates.path(name);
  writeFileSync(path, text);
  return path;
}

/** As the program reads it and as its server takes it. */
async function use(loaded: LoadedWeb): Promise<void> {
  const { config, material } = loaded;
  if (config.tls === undefined || material === undefined) return;
  const transport: Transport = {
    tls: tlsOptions({ ...config.tls, ...material }),
    http2: config.http2,
  };
  try {
    await listen({ hostname: '127.0.0.1', port: 0 }, () => new Response(''), transport).stop(true);
  } catch (error) {
    expect(error).toBeInstanceOf(TransportError);
    throw new ConfigError((await explain(config.tls, material)).problems);
  }
}

describe('good', () => {
  test.each(named('.good.yaml'))('%s is read, and the server can do it', async (name) => {
    await use(await loadWebConfig(put(name)));
  });

  test.each(named('.good.yaml'))('check-web-config %s says so', (name) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([
      ...command(),
      'check-web-config',
      put(name),
    ]);
    expect([exitCode, String(stderr)]).toEqual([0, '']);
    expect(String(stdout)).toStartWith(`${certificates.path(name)}: good; `);
  });

  testWith(['promtool'], 'promtool accepts all of them that it knows the keys of', () => {
    const files = named('.good.yaml').filter((name) => !name.startsWith('own-'));
    expect(files.length).toBeGreaterThan(8);
    for (const name of files) {
      const args = [promtool() ?? '', 'check', 'web-config', put(name)];
      const { stdout, stderr } = Bun.spawnSync(args, { stdout: 'pipe', stderr: 'pipe' });
      expect(`${stdout}${stderr}`).toBe(`${certificates.path(name)} SUCCESS\n`);
    }
  });
});

describe('bad', () => {
  /** What is said of it, without the folder. */
  const said = (text: string): string[] =>
    text.trimEnd().replaceAll(`${certificates.folder}/`, '').split('\n');

  const expected = (name: string): string[] =>
    [...readFileSync(join(HERE, name), 'utf8').matchAll(/^#! (.*)$/gm)].map(
      ([, line]) => `${name}:${line}`,
    );

  test.each(named('.bad.yaml'))(
    '%s is refused, and what is wrong is told with its place',
    async (name) => {
      const file = put(name);
      const error: unknown = await loadWebConfig(file)
        .then(use, (e: unknown) => e)
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ConfigError);
      expect(said((error as ConfigError).message)).toEqual(expected(name));
    },
  );

  test.each(named('.bad.yaml'))('check-web-config %s says the same', (name) => {
    const { exitCode, stderr } = Bun.spawnSync([...command(), 'check-web-config', put(name)]);
    expect(exitCode).toBe(1);
    expect(said(String(stderr).replace('edgegauge: ', ''))).toEqual(expected(name));
  });

  test('serve does not start with one, and says the same', () => {
    const name = 'impossible.bad.yaml';
    const args = ['serve', '--web.listen-address=127.0.0.1:0', `--web.config.file=${put(name)}`];
    const { exitCode, stderr } = Bun.spawnSync([...command(), ...args]);
    expect(exitCode).toBe(1);
    expect(said(String(stderr).replace('edgegauge: ', ''))).toEqual(expected(name));
  });

  test('a file that is not there is told of', async () => {
    const args = [...command(), 'check-web-config', certificates.path('none.yaml')];
    const { exitCode, stderr } = Bun.spawnSync(args);
    expect([exitCode, ...said(String(stderr))]).toEqual([
      1,
      'edgegauge: none.yaml cannot be read: there is no such file',
    ]);
  });
});

test('the file that is shipped asks for nothing, and names every key that can be kept', async () => {
  const file = join(ROOT, 'config', 'web-config.yaml');
  expect((await loadWebConfig(file)).config).toEqual(OPEN);
  const text = readFileSync(file, 'utf8');
  const elsewhere = ['cert', 'key', 'client_ca', 'client_allowed_sans'];
  const keys = [...TOP_KEYS, ...TLS_KEYS.filter((key) => !elsewhere.includes(key))];
  expect(keys.filter((key) => !new RegExp(`^# +${key}:`, 'm').test(text))).toEqual([]);
});
