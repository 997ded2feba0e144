import { afterEach, describe, expect, test } from 'bun:test';
import { readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { openListenerCalls } from './listener.ts';

const calls = openListenerCalls();
const servers: { stop(force?: boolean): void }[] = [];
const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  for (const server of servers.splice(0)) server.stop(true);
});

/** Greets with its name. Answers its port and its descriptor. */
function listen(name: string, port = 0, reusePort = false): { port: number; fd: number } {
  const before = calls.listening();
  const server = Bun.listen({
    ...{ hostname: '127.0.0.1', port, reusePort, exclusive: !reusePort },
    socket: { open: (socket) => void socket.end(name), data() {} },
  });
  servers.push(server);
  const [fd = -1, ...others] = calls.listening().filter((one) => !before.includes(one));
  expect(others).toEqual([]);
  return { port: server.port, fd };
}

const greeting = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const client = connect({ host: '127.0.0.1', port });
    clients.push(client);
    client.once('data', (data) => resolve(String(data))).once('error', reject);
  });

const refused = (port: number, reusePort = false): boolean => {
  try {
    listen('another', port, reusePort);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  }
};

describe('listening()', () => {
  test('finds the sockets that listen, and no others', () => {
    const { fd } = listen('one');
    expect(calls.listening()).toEqual([fd]);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toStartWith('socket:');
  });
});

describe('share()', () => {
  test('lets another socket of this process listen on the address that wants to share, and no other', () => {
    const { port, fd } = listen('one');
    expect(refused(port, true)).toBe(true);
    calls.share(fd, true);
    expect(refused(port)).toBe(true);
    expect(refused(port, true)).toBe(false);
  });

  test('throws for what is no socket', () => {
    expect(() => calls.share(0, true)).toThrow('SO_REUSEPORT failed');
  });
});

describe('steer()', () => {
  test('sends every new connection to one of the sockets', async () => {
    const { port, fd } = listen('one');
    calls.share(fd, true);
    const second = listen('two', port, true);
    for (const [index, name] of [
      [1, 'two'],
      [0, 'one'],
    ] as const) {
      calls.steer(second.fd, index);
      const greetings = await Promise.all(Array.from({ length: 40 }, () => greeting(port)));
      expect(new Set(greetings)).toEqual(new Set([name]));
    }
  });
});

describe('waiting()', () => {
  test('counts connections that nobody has accepted', async () => {
    const { port, fd } = listen('one');
    expect(calls.waiting(fd)).toBe(0);
    // Another process connects while this one, whose loop would accept, is held up.
    const script = `exec 3<>/dev/tcp/127.0.0.1/${port} 4<>/dev/tcp/127.0.0.1/${port}`;
    Bun.spawnSync(['bash', '-c', script]);
    expect(calls.waiting(fd)).toBe(2);
    expect(await greeting(port)).toBe('one');
    expect(calls.waiting(fd)).toBe(0);
  });
});

describe('silence()', () => {
  test('nobody is connected any more, the descriptor stays, and the loop stays quiet', async () => {
    const { port, fd } = listen('one');
    calls.silence(fd);
    await expect(greeting(port)).rejects.toThrow('ECONNREFUSED');
    expect(calls.listening()).toEqual([]);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toStartWith('socket:');
    const used = process.cpuUsage();
    await Bun.sleep(100);
    expect(process.cpuUsage(used).user + process.cpuUsage(used).system).toBeLessThan(50_000);
  });
});
