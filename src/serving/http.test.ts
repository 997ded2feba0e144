import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EngineServer,
  endless,
  engineServer,
  flood,
  type Routes,
  text,
} from './engine-server.fixture.ts';
import { ask } from './http.ts';

let server: EngineServer | undefined;
afterEach(() => server?.stop());

function serve(routes: Routes): EngineServer {
  server = engineServer(routes);
  return server;
}

const LIMITS = { timeout: 300, size: 100_000 };
const decode = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('an answer', () => {
  test('is its status, type and body', async () => {
    const { url } = serve({ '/metrics': () => text('a 1\n') });
    const answer = await ask({ url }, '/metrics');
    expect(answer).toMatchObject({
      status: 200,
      contentType: 'text/plain; version=0.0.4',
      cut: undefined,
    });
    expect(decode(answer.body)).toBe('a 1\n');
  });

  test('that is compressed is unpacked', async () => {
    const packed = Bun.gzipSync(new TextEncoder().encode('a 1\n'));
    const { url } = serve({
      '/': () => new Response(packed, { headers: { 'Content-Encoding': 'gzip' } }),
    });
    expect(decode((await ask({ url }, '/')).body)).toBe('a 1\n');
  });

  test('that points elsewhere is not followed', async () => {
    const own = serve({
      '/metrics': () => Response.redirect('/secret', 302),
      '/secret': () => text('s'),
    });
    expect(await ask(own, '/metrics')).toMatchObject({ status: 302, body: new Uint8Array() });
    expect(own.asked).toEqual(['/metrics']);
  });

  test('that does not end is cut when its time is over, and so is one that never begins', async () => {
    const { url } = serve({ '/': () => endless('a 1\n'), '/never': () => new Promise(() => {}) });
    const answer = await ask({ url }, '/', LIMITS);
    expect([answer.cut, decode(answer.body)]).toEqual(['time', 'a 1\n']);
    expect(ask({ url }, '/never', LIMITS)).rejects.toThrow('no answer within 0.3 s');
  });

  test('that is too large is cut at the limit, packed or not', async () => {
    const bomb = Bun.gzipSync(new Uint8Array(20_000_000));
    const { url } = serve({
      '/': () => flood('a 1\n'),
      '/bomb': () => new Response(bomb, { headers: { 'Content-Encoding': 'gzip' } }),
    });
    for (const path of ['/', '/bomb']) {
      const { cut, body } = await ask({ url }, path, { ...LIMITS, timeout: 5000 });
      expect([cut, body.length]).toEqual(['size', 100_000]);
    }
  });
});

test('a server that closes in the middle gives what it gave', async () => {
  const half = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\na 1\nb 2\r\n');
      // Bun gives up what comes in one piece with the end.
      setTimeout(() => socket.end(), 100);
    });
  });
  const listening = Promise.withResolvers<void>();
  half.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  try {
    const { port } = half.address() as { port: number };
    const answer = await ask({ url: `http://127.0.0.1:${port}` }, '/');
    expect([answer.cut, decode(answer.body)]).toEqual(['cut', 'a 1\nb 2']);
  } finally {
    half.close();
  }
});

test('nobody there is said as it is', async () => {
  const { url, stop } = engineServer({});
  await stop();
  expect(ask({ url }, '/')).rejects.toThrow('connection refused');
});

describe('credentials', () => {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-secret-'));
  const file = join(directory, 'secret');
  writeFileSync(file, 'word\n');
  const basic = `Basic ${Buffer.from('me:word').toString('base64')}`;

  test.each([
    ['a password', { basicAuth: { username: 'me', password: 'word' } }, basic],
    ['a file with a password', { basicAuth: { username: 'me', passwordFile: file } }, basic],
    ['a file with a token', { bearerTokenFile: file }, 'Bearer word'],
    ['a header', { headers: { 'X-Key': 'k' } }, null],
  ])('%s is sent', async (_, own, authorization) => {
    let seen: Headers | undefined;
    const { url } = serve({
      '/': ({ headers }) => {
        seen = headers;
        return text('');
      },
    });
    await ask({ url, ...own }, '/');
    expect(seen?.get('Authorization')).toBe(authorization);
    expect(seen?.get('X-Key')).toBe('headers' in own ? 'k' : null);
    expect(seen?.get('Accept')).not.toContain('openmetrics');
  });

  test('that cannot be read are no answer, and are said without what they hold', () => {
    rmSync(directory, { recursive: true });
    const target = { url: 'http://127.0.0.1:1', basicAuth: { username: 'me', passwordFile: file } };
    expect(ask(target, '/')).rejects.toThrow(/ENOENT.*secret/);
  });
});
