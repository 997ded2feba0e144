/** Clients that are broken, slow or hostile: everybody else still gets the metrics. */
import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { get, RawClient } from '../../src/web/raw.fixture.ts';
import { PAGE, ServerProcess } from './server.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(async () => {
  // Nothing that a client does is worth a line on standard error.
  expect(await server.stop()).toBe('');
});

const clients: RawClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await othersAreServed();
});

async function dial(): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  clients.push(client);
  return client;
}

async function othersAreServed(): Promise<void> {
  const { status, body } = await server.scrape();
  expect(status).toBe(200);
  expect(body === PAGE).toBe(true);
}

test('500 connections with half a request keep nobody from being served, and are served when whole', async () => {
  const whole = get('/-/healthy');
  for (let i = 0; i < 500; i++) {
    const client = await dial();
    await client.send(whole.slice(0, 1 + (i % (whole.length - 1))));
    if (i % 50 === 0) await othersAreServed();
  }
  await othersAreServed();
  for (const [i, client] of clients.entries()) {
    expect(client.received).toBe('');
    await client.send(whole.slice(1 + (i % (whole.length - 1))));
    await client.answers(1);
    expect(client.received).toStartWith('HTTP/1.1 200 OK\r\n');
  }
});

test('clients that ask for 2 GB and never read keep nobody from being served, and cost no memory', async () => {
  await othersAreServed();
  const before = server.memory;
  for (let i = 0; i < 50; i++) {
    const client = await dial();
    client.stopReading();
    await client.send(get('/metrics').repeat(500));
    if (i % 10 === 0) await othersAreServed();
  }
  for (let i = 0; i < 20; i++) await othersAreServed();
  // A page for each connection may be waiting, and no more.
  expect(server.memory - before).toBeLessThan(50 * 100 + 4096);
});

test('clients that go away in the middle of an answer leave nothing behind', async () => {
  await othersAreServed();
  const before = server.memory;
  for (let i = 0; i < 500; i++) {
    const client = await dial();
    await client.send(get('/metrics').repeat(20));
    await client.answers(1);
    client.destroy();
    if (i % 50 === 0) await othersAreServed();
  }
  await othersAreServed();
  expect(server.memory - before).toBeLessThan(4096);
});

test('a request that comes byte by byte is answered', async () => {
  const client = await dial();
  for (const byte of get('/-/healthy')) await client.send(byte);
  await client.answers(1);
  expect(client.received).toStartWith('HTTP/1.1 200 OK\r\n');
});

test('requests that come at once are answered in their order', async () => {
  const client = await dial();
  await client.send(get('/-/healthy') + get('/metrics') + get('/nothing') + get('/-/ready'));
  await client.answers(4);
  const [, healthy, metrics, nothing, ready] = client.received.split('HTTP/1.1 ');
  expect(healthy).toEndWith('edgegauge is healthy.\n');
  expect(metrics?.endsWith(`\r\n\r\n${PAGE}`)).toBe(true);
  expect(nothing).toStartWith('404 ');
  expect(ready).toEndWith('edgegauge is ready.\n');
});

test('HEAD is answered with the length of the page and without the page, and the connection lives on', async () => {
  const client = await dial();
  await client.send(get('/metrics').replace('GET', 'HEAD') + get('/-/healthy'));
  await client.answers(2);
  const [, head, healthy] = client.received.split('HTTP/1.1 ');
  expect(head?.toLowerCase()).toContain(`\r\ncontent-length: ${PAGE.length}\r\n`);
  expect(head).toEndWith('\r\n\r\n');
  expect(healthy).toEndWith('edgegauge is healthy.\n');
});

test.each([
  ['HTTP/1.0 without a Host', 'GET /metrics HTTP/1.0\r\n\r\n'],
  ['HTTP/1.0 with a query', 'GET /metrics?dialect=native HTTP/1.0\r\n\r\n'],
  [
    'HTTP/1.1 that wants no further answer',
    `${get('/metrics').trimEnd()}\r\nConnection: close\r\n\r\n`,
  ],
])('%s is answered, and the connection closed', async (_, request) => {
  const client = await dial();
  await client.send(request);
  await client.closed();
  expect(client.received).toStartWith('HTTP/1.1 200 OK\r\n');
  expect(client.received.endsWith(`\r\n\r\n${PAGE}`)).toBe(true);
});

test('a Host that is no host does not matter', async () => {
  const client = await dial();
  await client.send('GET /metrics HTTP/1.1\r\nHost: a b<\r\n\r\n');
  await client.answers(1);
  expect(client.received).toStartWith('HTTP/1.1 200 OK\r\n');
});

const OPEN = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n';

test.each([
  ['no HTTP', '\x00\x01\x02 garbage\r\n\r\n', '400'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400'],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['HTTP/1.1 without a Host', 'GET /metrics HTTP/1.1\r\n\r\n', '400'],
  ['a request without a version', 'GET /metrics\r\n\r\n', '505'],
  ['a URL of 64 kB', `GET /${'x'.repeat(65536)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, '431'],
  ['a header of 64 kB', `${OPEN}X: ${'x'.repeat(65536)}\r\n\r\n`, '431'],
  ['a header that does not end', `${OPEN}X: ${'x'.repeat(65536)}`, '431'],
  ['10,000 headers', `${OPEN}${'X: x\r\n'.repeat(10_000)}\r\n`, '431'],
  ['two lengths', `${OPEN}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, '400'],
  ['a length that is no number', `${OPEN}Content-Length: x\r\n\r\n`, '400'],
])('%s is refused, and the connection closed', async (_, request, code) => {
  const client = await dial();
  await client.send(Buffer.from(request, 'latin1'));
  await client.closed();
  expect(client.received).toStartWith(`HTTP/1.1 ${code} `);
});

test('a method that does not exist ends the connection', async () => {
  const client = await dial();
  await client.send('FETCH /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await client.closed();
  expect(client.received).not.toContain('200 OK');
});

test('a body larger than any that is read is refused', async () => {
  const client = await dial();
  const length = 64 * 1024 + 1;
  await client.send(
    `POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`,
  );
  await client.answers(1);
  expect(client.received).toStartWith('HTTP/1.1 413 ');
});
