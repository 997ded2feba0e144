import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import { ServerProcess } from './server.ts';

const REQUEST =
  'GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nAccept-Encoding: gzip\r\n\r\n';
/** Requests that are under way at once on the one connection. */
const BATCH = 20;

/** Asks `times` times for the compressed page over a connection that is kept; answers are counted by their bytes. */
async function ask(port: number, size: number, times: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const client = connect({ port, host: '127.0.0.1' });
  let answered = 0;
  let bytes = 0;
  client.on('data', (data) => {
    bytes += data.length;
    if (bytes < BATCH * size) return;
    if (bytes > BATCH * size) reject(new Error('answers differ in size'));
    bytes = 0;
    answered += BATCH;
    if (answered >= times) resolve();
    else client.write(REQUEST.repeat(BATCH));
  });
  client.on('error', reject);
  client.on('close', () => reject(new Error('closed')));
  client.write(REQUEST.repeat(BATCH));
  try {
    await promise;
  } finally {
    client.destroy();
  }
}

/** Bytes of one answer, headers and all: the same each time. */
async function sizeOfAnswer(port: number): Promise<number> {
  const client = connect({ port, host: '127.0.0.1' });
  client.write(REQUEST.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  let size = 0;
  for await (const data of client) size += (data as Buffer).length;
  return size;
}

test('the server holds no more memory after 40,000 compressed answers than after 20,000', async () => {
  await using server = await ServerProcess.start();
  const size = await sizeOfAnswer(server.port);
  await ask(server.port, size, 20_000);
  const half = server.memory;
  await ask(server.port, size, 20_000);
  expect(server.memory).toBeLessThan(half * 1.1);
  expect(server.memory).toBeLessThan(12 * 1024);
});
