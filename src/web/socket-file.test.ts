import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListenError } from './address.ts';
import { close, listenAll, type Server } from './listen.ts';
import { isSocket, removeStale } from './socket-file.ts';

const FIXTURE = fileURLToPath(new URL('listen.fixture.ts', import.meta.url));

let folder = '';
let unix = '';
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgegauge-socket-'));
  unix = join(folder, 'a.sock');
});
afterEach(async () => {
  await close(servers.splice(0), 0);
  rmSync(folder, { recursive: true });
});

async function open(path = unix): Promise<void> {
  servers.push(...(await listenAll([{ unix: path }], () => new Response('hello'))));
}

const ask = async (): Promise<string> => (await fetch('http://localhost/', { unix })).text();

/** Leaves the socket file of a process that was killed. */
async function crash(): Promise<void> {
  const child = Bun.spawn([process.execPath, FIXTURE, `unix:${unix}`], { stdin: 'pipe' });
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe('listening unix\n');
  child.kill('SIGKILL');
  await child.exited;
  expect(isSocket(unix)).toBe(true);
}

describe('listenAll() with a unix socket', () => {
  test('answers on it, and removes its file when it is closed', async () => {
    await open();
    expect(isSocket(unix)).toBe(true);
    expect(await ask()).toBe('hello');
    await close(servers.splice(0), 0);
    expect(existsSync(unix)).toBe(false);
  });

  test('takes over the file of a process that was killed', async () => {
    await crash();
    await open();
    expect(await ask()).toBe('hello');
  });

  test('refuses one that somebody answers on, and leaves it', async () => {
    await open();
    await expect(open()).rejects.toThrow(
      new ListenError(`cannot listen on unix:${unix}: another process listens on it`),
    );
    expect(await ask()).toBe('hello');
  });

  test('refuses a file that is not a socket, and leaves it', async () => {
    writeFileSync(unix, 'precious');
    await expect(open()).rejects.toThrow(
      `cannot listen on unix:${unix}: there is a file of that name, and it is not a socket`,
    );
    expect(readFileSync(unix, 'utf8')).toBe('precious');
  });

  test('refuses a path whose directory does not exist', async () => {
    await expect(open(join(folder, 'none/a.sock'))).rejects.toThrow('its directory does not exist');
  });

  test('refuses a path that is too long for the kernel', async () => {
    await expect(open(join(folder, 'x'.repeat(108)))).rejects.toThrow(
      'the path of a unix socket has at most 107 bytes',
    );
  });
});

describe('removeStale()', () => {
  test('does nothing where there is no file', async () => {
    await removeStale(unix);
    expect(existsSync(unix)).toBe(false);
  });

  test('leaves a directory', async () => {
    mkdirSync(unix);
    await removeStale(unix);
    expect(existsSync(unix)).toBe(true);
  });

  test('removes a socket file that nobody answers on', async () => {
    await crash();
    await removeStale(unix);
    expect(existsSync(unix)).toBe(false);
  });
});
