import { afterEach, describe, expect, test } from 'bun:test';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs, testWith } from '../../test/parts.ts';
import { type Address, ListenError } from './address.ts';
import { close, listen, listenAll, type Server } from './listen.ts';
import { get, RawClient } from './raw.fixture.ts';

const LOOPBACK = '127.0.0.1';

const servers: Server[] = [];
const clients: RawClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(servers.splice(0).map((server) => server.stop(true)));
});

function open(address: Address, handler = () => new Response('hello')): Server {
  const server = listen(address, handler);
  servers.push(server);
  return server;
}

async function dial(server: Server): Promise<RawClient> {
  const client = await RawClient.connect(portOf(server));
  clients.push(client);
  return client;
}

const portOf = (server: Server | undefined): number => server?.port ?? Number.NaN;

const ask = async (url: string): Promise<string> =>
  (await fetch(url, { headers: { Connection: 'close' } })).text();

/** The message of the ListenError that listening ends in. */
function refusalOf(address: Address): string {
  try {
    servers.push(listen(address, () => new Response('')));
  } catch (error) {
    expect(error).toBeInstanceOf(ListenError);
    return (error as ListenError).message;
  }
  throw new Error('it listens');
}

const ipv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

describe('listen()', () => {
  test('takes a free port of an IPv4 address', async () => {
    const server = open({ hostname: LOOPBACK, port: 0 });
    expect(portOf(server)).toBeGreaterThan(0);
    expect(await ask(`http://127.0.0.1:${server.port}/`)).toBe('hello');
  });

  needs(
    'listen() takes an IPv6 address',
    ipv6 || undefined,
    'no IPv6 on the loopback interface',
    async () => {
      const server = open({ hostname: '::1', port: 0 });
      expect(await ask(`http://[::1]:${server.port}/`)).toBe('hello');
    },
  );

  needs(
    'listen() serves IPv4 and IPv6 when no host is given',
    ipv6 || undefined,
    'no IPv6 on the loopback interface',
    async () => {
      const server = open({ hostname: undefined, port: 0 });
      expect(await ask(`http://127.0.0.1:${server.port}/`)).toBe('hello');
      expect(await ask(`http://[::1]:${server.port}/`)).toBe('hello');
    },
  );

  test('takes a host name', async () => {
    const server = open({ hostname: 'localhost', port: 0 });
    expect(await ask(`http://localhost:${server.port}/`)).toBe('hello');
  });

  test('refuses a port in use, with what to do', () => {
    const { port } = open({ hostname: LOOPBACK, port: 0 });
    expect(refusalOf({ hostname: LOOPBACK, port: port ?? 0 })).toBe(
      `cannot listen on 127.0.0.1:${port}: the address is in use; choose another with --web.listen-address`,
    );
  });

  test('refuses a port in use when no host is given', () => {
    const { port } = open({ hostname: LOOPBACK, port: 0 });
    expect(refusalOf({ hostname: undefined, port: port ?? 0 })).toStartWith(
      `cannot listen on :${port}: the address is in use;`,
    );
  });

  test('refuses an address that this machine does not have', () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody has it.
    expect(refusalOf({ hostname: '192.0.2.1', port: 0 })).toBe(
      'cannot listen on 192.0.2.1:0: this machine has no such address; choose another with --web.listen-address',
    );
  });

  test('refuses a host name that does not exist', () => {
    expect(refusalOf({ hostname: 'no-such-host.invalid', port: 0 })).toBe(
      "cannot listen on no-such-host.invalid:0: the host name is not found, or is not this machine's; choose another with --web.listen-address",
    );
  });

  test('takes a port again at once that closed connections are still waiting on', async () => {
    const server = open({ hostname: LOOPBACK, port: 0 });
    const client = await dial(server);
    await client.send(get('/'));
    await client.answers(1);
    // The side that closes first keeps the port in TIME_WAIT for a minute.
    await close([server], 0);
    await client.closed();
    const again = open({ hostname: LOOPBACK, port: portOf(server) });
    expect(await ask(`http://127.0.0.1:${again.port}/`)).toBe('hello');
  });

  test('does not hand listening sockets and connections down to child processes', async () => {
    const server = open({ hostname: LOOPBACK, port: 0 });
    const client = await dial(server);
    await client.send(get('/'));
    await client.answers(1);
    const ours = sockets(
      readdirSync('/proc/self/fd')
        .map((fd) => target(`/proc/self/fd/${fd}`))
        .join('\n'),
    );
    expect(ours).toContain(inodeOf(portOf(server)));
    // Beside the listener, the connection's two ends.
    expect(ours.length).toBeGreaterThanOrEqual(3);
    const child = Bun.spawn(['ls', '-l', '/proc/self/fd'], { stdin: 'ignore', stderr: 'ignore' });
    const listed = await child.stdout.text();
    expect(listed).toContain('1 -> ');
    expect(sockets(listed).filter((socket) => ours.includes(socket))).toEqual([]);
  });
});

/** Each `socket:[INODE]` of a list of open descriptors. */
const sockets = (listed: string): string[] => listed.match(/socket:\[\d+\]/g) ?? [];

/** Where a link leads; nowhere when it is gone, as the descriptor is that listed the folder. */
function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** The listening socket of a port of 127.0.0.1, from /proc/net/tcp (proc(5)): state 0A is LISTEN. */
function inodeOf(port: number): string {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const row = rows.map((r) => r.trim().split(/\s+/)).find((r) => r[1] === local && r[3] === '0A');
  return `socket:[${row?.[9]}]`;
}

describe('listenAll()', () => {
  test('listens on all addresses', async () => {
    const address = { hostname: LOOPBACK, port: 0 };
    const three = await listenAll([address, address, address], () => new Response('all'));
    servers.push(...three);
    expect(new Set(three.map((server) => server.port)).size).toBe(3);
    for (const { port } of three) expect(await ask(`http://127.0.0.1:${port}/`)).toBe('all');
  });

  test('listens on none when one is refused', async () => {
    const taken = open({ hostname: LOOPBACK, port: 0 });
    const free = listen({ hostname: LOOPBACK, port: 0 }, () => new Response(''));
    await free.stop(true);
    const first = { hostname: LOOPBACK, port: portOf(free) };
    const second = { hostname: LOOPBACK, port: portOf(taken) };
    const all = listenAll([first, second], () => new Response(''));
    await expect(all).rejects.toThrow(`cannot listen on 127.0.0.1:${taken.port}:`);
    expect(await ask(`http://127.0.0.1:${open(first).port}/`)).toBe('hello');
  });
});

const FIXTURE = fileURLToPath(new URL('listen.fixture.ts', import.meta.url));

test('listen() refuses a privileged port in one line to a process that may not have it', async () => {
  const file = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
  const everyone = Number(readFileSync(file, 'utf8')) <= 1;
  const drop = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-net_bind_service'] : [];
  const child = Bun.spawn([...drop, process.execPath, FIXTURE, '127.0.0.1:1'], { stdin: 'pipe' });
  const { value } = await child.stdout.getReader().read();
  child.kill('SIGKILL');
  await child.exited;
  expect(new TextDecoder().decode(value)).toBe(
    everyone
      ? 'listening 1\n'
      : 'refused ListenError: cannot listen on 127.0.0.1:1: permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE, choose another with --web.listen-address\n',
  );
});

/** socket(2) of a kernel without IPv6. */
const NO_IPV6 = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
int socket(int family, int type, int protocol) {
  if (family == AF_INET6) { errno = EAFNOSUPPORT; return -1; }
  return ((int (*)(int, int, int))dlsym(RTLD_NEXT, "socket"))(family, type, protocol);
}
`;

testWith(['cc'], 'listen() serves IPv4 alone where the kernel has no IPv6', async ({ cc }) => {
  const folder = mkdtempSync(join(tmpdir(), 'edgegauge-ipv6-'));
  try {
    const source = join(folder, 'no-ipv6.c');
    const library = join(folder, 'no-ipv6.so');
    writeFileSync(source, NO_IPV6);
    expect(Bun.spawnSync([cc, '-shared', '-fPIC', '-o', library, source, '-ldl']).exitCode).toBe(0);
    const env = { ...process.env, LD_PRELOAD: library };
    const spawn = (address: string) =>
      Bun.spawn([process.execPath, FIXTURE, address], { stdin: 'pipe', env });

    const refused = spawn('[::1]:0');
    expect(await refused.stdout.text()).toBe(
      'refused ListenError: cannot listen on [::1]:0: IPv6 is off on this machine\n',
    );
    const child = spawn(':0');
    const { value } = await child.stdout.getReader().read();
    const port = /^listening (\d+)\n$/.exec(new TextDecoder().decode(value))?.[1];
    expect(await ask(`http://127.0.0.1:${port}/`)).toBe('fast');
    child.kill('SIGKILL');
    await child.exited;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
