import { expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { ANY, fakeProc, LOOPBACK, listening } from './proc.fixture.ts';
import { readListeners, readSocketInodes, readUids } from './sockets.ts';

test.each([
  [LOOPBACK, '127.0.0.1', true],
  [ANY, '127.0.0.1', true],
  ['0500000A', '10.0.0.5', false],
  ['3500007F', '127.0.0.53', true],
  ['0'.repeat(32), '127.0.0.1', true],
  [`${'0'.repeat(24)}01000000`, '[::1]', true],
  ['0000000000000000FFFF00000100007F', '127.0.0.1', true],
  ['000080FE00000000FF005450B6AB1DFE', '[fe80:0:0:0:5054:ff:fe1d:abb6]', false],
])('%s is %s', (address, host, loopback) => {
  using proc = fakeProc([], [listening(address, 8000, 7)]);
  expect(readListeners(proc.path, 'self')).toEqual([
    { port: 8000, host, loopback, everywhere: /^0+$/.test(address), inode: '7', uid: '1000' },
  ]);
});

test('connections are no listeners, and a table that is not readable has none', () => {
  using proc = fakeProc([], [listening(LOOPBACK, 8000, 7, '01')]);
  expect(readListeners(proc.path, 'self')).toEqual([]);
  expect(readListeners(proc.path, 99)).toEqual([]);
});

test('the sockets of a process are its descriptors’; unknown where they may not be read', () => {
  using proc = fakeProc([
    { pid: 10, command: ['a'], sockets: [7, 8] },
    { pid: 11, command: ['b'] },
  ]);
  expect(readSocketInodes(proc.path, 10)).toEqual(new Set(['7', '8']));
  expect(readSocketInodes(proc.path, 11)).toBeUndefined();
});

test('the users that a process is and was; unknown of one that is gone', () => {
  const own = new Set([String(process.getuid?.())]);
  expect(readUids('/proc', process.pid)).toEqual(own);
  expect(readUids('/proc', 2 ** 30)).toBeUndefined();
});

test('a real listener of this process is found, with its socket', async () => {
  const server = createServer();
  const ready = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', ready.resolve);
  await ready.promise;
  const { port } = server.address() as { port: number };
  const found = readListeners('/proc', process.pid).find((l) => l.port === port);
  expect(found).toMatchObject({ host: '127.0.0.1', loopback: true });
  expect(readSocketInodes('/proc', process.pid)?.has(found?.inode ?? '')).toBe(true);
  server.close();
});
