/** Clients that want what they should not have, or want the service gone, at a door with TLS and a password. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { needs } from '../parts.ts';
import { Edge, PASSWORD, TLS, USER, users } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await Edge.start({ tls_server_config: TLS, basic_auth_users: await users() });
});
afterAll(async () => {
  // Nothing that a client does is worth a line.
  expect(edge.running.log().trim().split('\n').length).toBe(1);
  await edge[Symbol.asyncDispose]();
});

const sockets: Socket[] = [];
const KEY = `Authorization: Basic ${btoa(`${USER}:${PASSWORD}`)}\r\n`;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  expect(
    await say(`GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n${KEY}Connection: close\r\n\r\n`),
  ).toEndWith('edgegauge is healthy.\n');
});

async function dial(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: edge.port, rejectUnauthorized: false });
  sockets.push(socket);
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  return socket;
}

/** Says something, and answers all that comes until the server closes. */
async function say(text: string): Promise<string> {
  const socket = await dial();
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.from(text, 'latin1'));
  await closed;
  return received;
}

const get = (target: string, more = KEY): string =>
  `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${more}Connection: close\r\n\r\n`;

const codeOf = (answer: string): string => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? '';

describe('files', () => {
  const TARGETS = [
    '/etc/passwd',
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/metrics/../../etc/passwd',
    '//etc/passwd',
    '/.env',
    '/proc/self/environ',
    '/web.yaml',
    '/server.key',
    '/keys/server.key',
    '/src/main.ts',
    '/$bunfs/root/main.js',
    '/_bun/client',
    '/api/v1/status/../../../etc/passwd',
    '/\x00/etc/passwd',
    'file:///etc/passwd',
  ];

  test.each(TARGETS)('%s is nothing, with the password and without', async (target) => {
    const answer = await say(get(target));
    expect(['400', '404', '505']).toContain(codeOf(answer));
    expect(answer).not.toMatch(/root:|PRIVATE KEY|PATH=|basic_auth/);
    expect(['400', '401', '505']).toContain(codeOf(await say(get(target, ''))));
  });
});

describe('requests', () => {
  test.each([
    ['a header of 64 kB', get('/metrics', `${KEY}X: ${'x'.repeat(65536)}\r\n`), '431'],
    [
      'a password of 10 kB',
      get('/metrics', `Authorization: Basic ${'QUFB'.repeat(2560)}\r\n`),
      '401',
    ],
    ['10,000 headers', get('/metrics', `${KEY}${'X: x\r\n'.repeat(10_000)}`), '431'],
    ['two lengths', get('/metrics', `${KEY}Content-Length: 1\r\nContent-Length: 2\r\n`), '400'],
    [
      'a length and chunks',
      get('/metrics', `${KEY}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`),
      '400',
    ],
    ['a header name with a blank', get('/metrics', `${KEY}A b: c\r\n`), '400'],
  ])('%s: refused', async (_, request, code) => {
    expect(codeOf(await say(request))).toBe(code);
  });

  test('each of several at once is asked for the password', async () => {
    const bare = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answer = await say(
      bare + bare.replace('\r\n\r\n', `\r\n${KEY}\r\n`) + get('/metrics', ''),
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 401',
      'HTTP/1.1 200',
      'HTTP/1.1 401',
    ]);
  });

  test('two passwords in one request are none', async () => {
    expect(codeOf(await say(get('/metrics', `Authorization: Basic eA==\r\n${KEY}`)))).toBe('401');
  });

  test.each(['TRACE', 'CONNECT', 'OPTIONS', 'DELETE', 'PUT', 'PATCH', 'PROPFIND'])(
    '%s gets no metrics, and no request comes back',
    async (method) => {
      const secret = 'X-Secret: do-not-echo\r\n';
      for (const key of ['', KEY]) {
        const answer = await say(get('/metrics', key + secret).replace('GET', method));
        expect(answer).not.toContain('200 OK');
        expect(answer).not.toContain('do-not-echo');
      }
    },
  );

  test('a line break in a query or a path makes no header', async () => {
    for (const target of [
      '/none%0d%0aSet-Cookie:%20a=b',
      '/metrics?dialect=%0d%0aSet-Cookie:%20a=b',
    ]) {
      const [head = ''] = (await say(get(target))).split('\r\n\r\n');
      expect(head).not.toMatch(/^set-cookie/im);
    }
  });
});

describe('connections', () => {
  test('300 with half a handshake, and 300 with half a request, keep nobody out', async () => {
    for (let i = 0; i < 300; i++) {
      const socket = connectPlain({ host: '127.0.0.1', port: edge.port });
      sockets.push(socket);
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('connect', resolve));
      // A ClientHello that promises 512 bytes and ends after some.
      socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3].slice(0, 1 + (i % 11))));
    }
    for (let i = 0; i < 300; i++) (await dial()).write(get('/metrics').slice(0, 1 + (i % 60)));
    expect(codeOf(await say(get('/metrics')))).toBe('200');
  });

  test('who speaks no TLS is not answered with anything', async () => {
    const socket = connectPlain({ host: '127.0.0.1', port: edge.port });
    sockets.push(socket);
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(get('/metrics'));
    await closed;
    expect(received).not.toContain('memory_total_bytes');
  });
});

const root = process.getuid?.() === 0 ? true : undefined;
needs(
  'the process has no file open that it could serve by mistake: keys are read and closed',
  root,
  'not root',
  async () => {
    const child = Bun.spawn(['ls', '-l', `/proc/${edge.running.pid}/fd`], { stderr: 'ignore' });
    expect(await child.stdout.text()).not.toContain(edge.certificates.folder);
  },
);

test('a request behind one whose password is still being checked ends the connection; no answer is mixed up', async () => {
  await using fresh = await Edge.start({ basic_auth_users: await users() });
  const socket = connectPlain({ host: '127.0.0.1', port: fresh.port });
  sockets.push(socket);
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n${KEY}\r\n${get('/metrics', '')}`);
  await closed;
  expect(received).toBe('');
  const answer = await fetch(`${fresh.running.url}/-/healthy`, {
    headers: { Authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}` },
  });
  expect(answer.status).toBe(200);
});
