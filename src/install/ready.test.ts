import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { testWith } from '../../test/parts.ts';
import { OPEN } from '../config/web/web-config.ts';
import { listening, untilReady } from './ready.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-ready-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('listening() finds the addresses in the line that the service shows', () => {
  expect(listening('9 series; probes: sensors running; listening on :9835')).toEqual([':9835']);
  expect(listening('…; listening on 127.0.0.1:1, unix:/run/a b.sock')).toEqual([
    '127.0.0.1:1',
    'unix:/run/a b.sock',
  ]);
  expect(listening('')).toEqual([]);
});

describe('untilReady()', () => {
  /** A service that answers these, the last one for ever. */
  function service(...answers: readonly number[]) {
    const left = [...answers];
    return Bun.serve({
      hostname: '::',
      port: 0,
      fetch(request) {
        if (new URL(request.url).pathname !== '/-/ready')
          return new Response(null, { status: 404 });
        const status = left.length > 1 ? left.shift() : left[0];
        return new Response(null, { status: status ?? 500 });
      },
    });
  }

  test('waits until it is ready, and says where others scrape it', async () => {
    await using server = service(503, 503, 200);
    expect(await untilReady(`:${server.port}`, OPEN, '/m', 5000)).toEqual({
      url: `http://${hostname()}:${server.port}/m`,
      but: undefined,
    });
  });

  test('names the address that it listens on where it is one', async () => {
    await using server = service(200);
    const { url } = await untilReady(`[::1]:${server.port}`, OPEN, '/metrics', 5000);
    expect(url).toBe(`http://[::1]:${server.port}/metrics`);
  });

  test('asks by a unix socket', async () => {
    const unix = join(directory, 'socket');
    await using _server = Bun.serve({ unix, fetch: () => new Response() });
    expect((await untilReady(`unix:${unix}`, OPEN, '/metrics', 5000)).url).toBe(`unix:${unix}`);
  });

  test('is content with a door that asks for a password', async () => {
    await using server = service(401);
    const { but } = await untilReady(`:${server.port}`, OPEN, '/metrics', 5000);
    expect(but).toContain('password');
  });

  test('does not knock where a client certificate is asked for', async () => {
    const tls = { clientAuth: 'RequireAndVerifyClientCert' } as const;
    const web = { tls } as unknown as Parameters<typeof untilReady>[1];
    const { url, but } = await untilReady(':1', web, '/metrics', 0);
    expect(url).toBe(`https://${hostname()}:1/metrics`);
    expect(but).toContain('client certificate');
  });

  testWith(
    ['openssl'],
    'finds TLS that is there by a flag, and that is not there by one',
    async () => {
      const [cert, key] = ['crt', 'key'].map((end) => join(directory, `a.${end}`));
      const subject = ['-subj', '/CN=a', '-keyout', `${key}`, '-out', `${cert}`];
      const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      Bun.spawnSync(['openssl', 'req', '-x509', ...curve, ...subject], { stderr: 'ignore' });
      const tls = { cert: Bun.file(`${cert}`), key: Bun.file(`${key}`) };
      await using secret = Bun.serve({ port: 0, tls, fetch: () => new Response() });
      expect((await untilReady(`:${secret.port}`, OPEN, '/m', 5000)).url).toStartWith('https:');
      await using open = service(200);
      const web = { tls: {} } as unknown as Parameters<typeof untilReady>[1];
      expect((await untilReady(`:${open.port}`, web, '/m', 5000)).url).toStartWith('http:');
    },
  );

  test('says what was answered last when it takes too long', async () => {
    await using server = service(503);
    await expect(untilReady(`:${server.port}`, OPEN, '/metrics', 0)).rejects.toThrow(
      '/-/ready answered 503',
    );
    await expect(untilReady('127.0.0.1:1', OPEN, '/metrics', 0)).rejects.toThrow(
      '/-/ready answered ',
    );
  });
});
