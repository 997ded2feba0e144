import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { openListenerCalls } from '../../ffi/listener.ts';
import { Certificates } from '../../test/web-config/certificates.ts';
import { ListenError } from './address.ts';
import { close, type Handler, listen, PLAIN, type Transport, TransportError } from './listen.ts';
import { Listeners, type Sockets, type Times } from './listeners.ts';
import { tlsOptions } from './tls.ts';

const LOOPBACK = { hostname: '127.0.0.1', port: 0 };
const QUICK: Times = { settle: 50, drain: 1000, look: 5, quiet: 3_600_000, stay: 3_600_000 };

let certificates: Certificates;
let transports: { readonly one: Transport; readonly two: Transport };
const sockets = openListenerCalls();
beforeAll(() => {
  certificates = new Certificates();
  for (const name of ['one', 'two']) certificates.issue({ name });
  transports = { one: transport('one'), two: transport('two') };
});
afterAll(() => certificates[Symbol.dispose]());

function transport(name: string): Transport {
  const read = (file: string): string => readFileSync(certificates.path(file), 'utf8');
  const tls = tlsOptions({
    cert: read(`${name}.crt`),
    key: read(`keys/${name}.key`),
    clientCa: undefined,
    clientAuth: 'NoClientCert',
    minVersion: 'TLS12',
    maxVersion: 'TLS13',
    ciphers: [],
    curves: [],
    preferServerCiphers: true,
  });
  return { tls, http2: false };
}

const opened: Listeners[] = [];
const clients: TLSSocket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  for (const listeners of opened.splice(0)) await close(listeners.servers, 0);
});

const HELLO: Handler = () => new Response('hello');

async function open(first: Transport, times = QUICK, calls: Sockets | undefined = sockets) {
  const listeners = await Listeners.open([LOOPBACK], HELLO, first, calls, times);
  opened.push(listeners);
  return { listeners, port: listeners.opened[0]?.port ?? 0 };
}

/** A connection that is kept; whose certificate it met. */
async function dial(port: number, options: ConnectionOptions = {}) {
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  clients.push(client);
  await new Promise<void>((resolve, reject) =>
    client.once('secureConnect', resolve).once('error', reject),
  );
  return {
    met: client.getPeerCertificate().subject.CN,
    /** The whole answer. */
    ask: async (): Promise<string> => {
      let text = '';
      const whole = new Promise<string>((resolve, reject) => {
        const read = (data: Buffer): void => {
          text += data.toString();
          if (!text.endsWith('hello')) return;
          client.off('data', read);
          resolve(text);
        };
        client.on('data', read).once('close', () => reject(new Error(`closed after: ${text}`)));
      });
      client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return await whole;
    },
  };
}

const met = async (port: number): Promise<unknown> => (await dial(port)).met;

/** Whether somebody who does not know of the sharing is refused the port. */
function isTaken(port: number): boolean {
  try {
    void listen({ ...LOOPBACK, port }, HELLO).stop(true);
    return false;
  } catch (error) {
    expect((error as ListenError).message).toContain('the address is in use');
    return error instanceof ListenError;
  }
}

describe('Listeners', () => {
  test('new connections meet the new certificate, established ones go on as they are', async () => {
    const { listeners, port } = await open(transports.one);
    const before = await dial(port);
    expect([before.met, await before.ask()]).toEqual(['one', expect.stringContaining('200 OK')]);
    expect(await listeners.change(transports.two, () => {})).toBe(0);
    expect(await met(port)).toBe('two');
    for (let i = 0; i < 3; i++) expect(await before.ask()).not.toMatch(/connection: close/i);
    expect(await listeners.change(transports.one, () => {})).toBe(0);
    expect(await met(port)).toBe('one');
    await before.ask();
  });

  test('from when it has begun every new connection meets the new one', async () => {
    const { listeners, port } = await open(transports.one, { ...QUICK, settle: 500 });
    const begun = Promise.withResolvers<void>();
    const changing = listeners.change(transports.two, begun.resolve);
    await begun.promise;
    const names = await Promise.all(Array.from({ length: 50 }, () => met(port)));
    expect(new Set(names)).toEqual(new Set(['two']));
    await changing;
  });

  test('the address is taken for others before, during and after a change', async () => {
    const { listeners, port } = await open(transports.one, { ...QUICK, settle: 200 });
    expect(isTaken(port)).toBe(true);
    const begun = Promise.withResolvers<void>();
    const changing = listeners.change(transports.two, begun.resolve);
    await begun.promise;
    expect(isTaken(port)).toBe(true);
    await changing;
    expect(isTaken(port)).toBe(true);
    expect(sockets.listening().length).toBeGreaterThan(0);
    await close(listeners.servers, 0);
    expect(isTaken(port)).toBe(false);
  });

  test('where more is asked of clients, established connections do not go on with less', async () => {
    const { listeners, port } = await open(transports.one);
    const before = await dial(port);
    await before.ask();
    const stricter = { ...transports.one.tls, secureOptions: 0x08000000 };
    await listeners.change({ ...transports.one, tls: stricter }, () => {});
    await expect(before.ask()).rejects.toThrow('closed');
    expect(listeners.servers.length).toBe(1);
    const old = dial(port, { maxVersion: 'TLSv1.2' });
    await expect(old).rejects.toThrow();
  });

  test('goes from plain HTTP to TLS and back', async () => {
    const { listeners, port } = await open(PLAIN);
    const plain = async () =>
      (await fetch(`http://127.0.0.1:${port}`, { headers: { Connection: 'close' } })).text();
    expect(await plain()).toBe('hello');
    await listeners.change(transports.one, () => {});
    expect(await met(port)).toBe('one');
    await listeners.change(PLAIN, () => {});
    expect(await plain()).toBe('hello');
  });

  test('hands over an address of every interface', async () => {
    const everywhere = { hostname: undefined, port: 0 };
    const listeners = await Listeners.open(
      [everywhere, LOOPBACK],
      HELLO,
      transports.one,
      sockets,
      QUICK,
    );
    opened.push(listeners);
    const ports = listeners.opened.map(({ port }) => port ?? 0);
    await listeners.change(transports.two, () => {});
    for (const port of ports) expect(await met(port)).toBe('two');
  });

  test('a transport that cannot be used changes nothing', async () => {
    const { listeners, port } = await open(transports.one);
    const { tls } = transports.two;
    const mixed = { ...transports.one, tls: { ...transports.one.tls, key: tls?.key } };
    let begun = false;
    const change = listeners.change(mixed as Transport, () => {
      begun = true;
    });
    await expect(change).rejects.toBeInstanceOf(TransportError);
    expect([begun, await met(port), isTaken(port)]).toEqual([false, 'one', true]);
    await listeners.change(transports.two, () => {});
    expect(await met(port)).toBe('two');
  });

  test('no connection is lost while clients connect as fast as they can', async () => {
    const { listeners, port } = await open(transports.one, { ...QUICK, settle: 100 });
    let on = true;
    let count = 0;
    const load = async (): Promise<void> => {
      while (on) {
        const answer = await fetch(`https://127.0.0.1:${port}`, {
          headers: { Connection: 'close' },
          tls: { rejectUnauthorized: false },
        });
        expect(await answer.text()).toBe('hello');
        count++;
      }
    };
    const loads = Array.from({ length: 8 }, load);
    const resets: number[] = [];
    for (const next of ['two', 'one', 'two', 'one', 'two'] as const) {
      resets.push(await listeners.change(transports[next], () => {}));
    }
    on = false;
    await Promise.all(loads);
    expect(count).toBeGreaterThan(50);
    console.log(`resets in 5 handovers under ${count} new connections: ${resets.join(' ')}`);
    expect(resets).toEqual([0, 0, 0, 0, 0]);
  });

  test('connections that still wait when time is up are counted', async () => {
    const stuck: Sockets = { ...sockets, waiting: () => 3 };
    const { listeners } = await open(transports.one, { ...QUICK, drain: 10 }, stuck);
    expect(await listeners.change(transports.two, () => {})).toBe(3);
  });

  test('an old server is let go when it is quiet, and not before', async () => {
    const times = { ...QUICK, quiet: 200 };
    const { listeners, port } = await open(transports.one, times);
    const before = await dial(port);
    await listeners.change(transports.two, () => {});
    const last = performance.now();
    await before.ask();
    listeners.sweep();
    expect(listeners.servers.length).toBe(2);
    while (performance.now() - last < 300) await Bun.sleep(10);
    listeners.sweep();
    expect(listeners.servers.length).toBe(1);
    await expect(before.ask()).rejects.toThrow('closed');
  });

  test('who stays for too long on an old server is asked to connect anew', async () => {
    const { listeners, port } = await open(transports.one, { ...QUICK, stay: 0 });
    const before = await dial(port);
    await listeners.change(transports.two, () => {});
    expect(await before.ask()).toMatch(/\r\nconnection: close\r\n/i);
  });

  test('old servers do not pile up', async () => {
    const { listeners } = await open(transports.one, { ...QUICK, settle: 0 });
    for (let i = 0; i < 12; i++) {
      await listeners.change(i % 2 === 0 ? transports.two : transports.one, () => {});
    }
    expect(listeners.servers.length).toBe(9);
    expect(sockets.listening().length).toBe(1);
  });

  test('without a way to ask the kernel it serves, and says that nothing can change', async () => {
    const listeners = await Listeners.open([LOOPBACK], HELLO, transports.one, undefined, QUICK);
    opened.push(listeners);
    expect(await met(listeners.opened[0]?.port ?? 0)).toBe('one');
    await expect(listeners.change(transports.two, () => {})).rejects.toThrow('restart edgegauge');
  });

  test('listens on all addresses or on none', async () => {
    const { port } = await open(transports.one);
    const both = Listeners.open([LOOPBACK, { ...LOOPBACK, port }], HELLO, PLAIN, sockets, QUICK);
    await expect(both).rejects.toBeInstanceOf(ListenError);
    expect(sockets.listening().length).toBe(1);
  });
});
