import { afterEach, describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { close, type Handler, listen, type Server } from './listen.ts';
import { get, RawClient } from './raw.fixture.ts';

/** Longer than any test may take: what ends has not waited for it. */
const FOREVER = 3_600_000;

const servers: Server[] = [];
const clients: RawClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(servers.splice(0).map((server) => server.stop(true)));
});

function open(handler: Handler): Server {
  const server = listen({ hostname: '127.0.0.1', port: 0 }, handler);
  servers.push(server);
  return server;
}

async function dial(server: Server): Promise<RawClient> {
  const client = await RawClient.connect(server.port ?? 0);
  clients.push(client);
  return client;
}

describe('close()', () => {
  test('does not wait for connections that are kept alive, and closes them', async () => {
    const server = open(() => new Response('x'));
    const client = await dial(server);
    await client.send(get('/'));
    await client.answers(1);
    await close([server], FOREVER);
    await client.closed();
    await expect(RawClient.connect(server.port ?? 0)).rejects.toThrow('ECONNREFUSED');
  });

  test('lets a request that is being answered finish, and takes no new connection meanwhile', async () => {
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const server = open(async () => {
      asked.resolve();
      await gate.promise;
      return new Response('finished');
    });
    const client = await dial(server);
    await client.send(get('/'));
    await asked.promise;
    let looks = 0;
    const watched = {
      stop: (force?: boolean) => server.stop(force),
      get pendingRequests() {
        looks++;
        return server.pendingRequests;
      },
    };
    const closing = close([watched], FOREVER);
    await expect(RawClient.connect(server.port ?? 0)).rejects.toThrow('ECONNREFUSED');
    while (looks < 3) await Bun.sleep(1);
    gate.resolve();
    await closing;
    await client.closed();
    expect(client.received).toStartWith('HTTP/1.1 200 OK');
    expect(client.received).toEndWith('finished');
  });

  test('does not wait for a client that has sent half a request', async () => {
    const server = open(() => new Response('x'));
    const first = await dial(server);
    const half = await dial(server);
    await half.send('GET /metrics HTTP/1.1\r\nHo');
    // An answer to somebody who came later: the half request has been read by now.
    await first.send(get('/'));
    await first.answers(1);
    await close([server], FOREVER);
    await half.closed();
    expect(half.received).toBe('');
  });

  test('gives up a request that is not answered in the time given', async () => {
    const asked = Promise.withResolvers<void>();
    const server = open(() => {
      asked.resolve();
      return new Promise<Response>(() => {});
    });
    const client = await dial(server);
    await client.send(get('/'));
    await asked.promise;
    await close([server], 50);
    await client.closed();
    expect(client.received).toBe('');
  });

  test('gives up a client that does not read its answer', async () => {
    const asked = Promise.withResolvers<void>();
    const server = open(() => {
      asked.resolve();
      return new Response(new Uint8Array(64 * 1024 * 1024));
    });
    const client = await dial(server);
    client.stopReading();
    await client.send(get('/'));
    await asked.promise;
    await close([server], 50);
    await expect(RawClient.connect(server.port ?? 0)).rejects.toThrow('ECONNREFUSED');
  });

  test('closes several servers, and none', async () => {
    const two = [open(() => new Response('x')), open(() => new Response('y'))];
    await close(two, FOREVER);
    for (const { port } of two) {
      await expect(RawClient.connect(port ?? 0)).rejects.toThrow('ECONNREFUSED');
    }
    await close([], FOREVER);
  });

  test('has sent the whole answer when it returns: the process may end', async () => {
    const fixture = fileURLToPath(new URL('listen.fixture.ts', import.meta.url));
    const child = Bun.spawn([process.execPath, fixture, '127.0.0.1:0'], { stdin: 'pipe' });
    try {
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const next = async () => (await lines.read()).value?.trim() ?? '';
      const port = Number((await next()).split(' ')[1]);
      const client = await RawClient.connect(port);
      clients.push(client);
      await client.send(get('/slow'));
      expect(await next()).toBe('asked');
      child.kill('SIGTERM');
      expect(await next()).toBe('stopping');
      child.stdin.write('go\n');
      child.stdin.flush();
      expect(await child.exited).toBe(0);
      await client.closed();
      expect(client.received).toEndWith('\r\n\r\nslow');
    } finally {
      child.kill('SIGKILL');
    }
  });
});
