import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notified } from '../test/notified.ts';
import { testWith } from '../test/parts.ts';
import { openDatagrams, SOCKADDR_UN, SOCKETS } from './libc.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-datagrams-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What a compiler for some processor says against our constants. */
async function objections(compiler: string): Promise<string> {
  const source = [
    '#define _GNU_SOURCE',
    '#include <stddef.h>',
    '#include <sys/socket.h>',
    '#include <sys/un.h>',
    '#include <time.h>',
    ...Object.entries(SOCKETS).map(([name, is]) => `_Static_assert(${name} == ${is}, "${name}");`),
    `_Static_assert(sizeof(struct sockaddr_un) == ${SOCKADDR_UN.bytes}, "size");`,
    `_Static_assert(offsetof(struct sockaddr_un, sun_path) == ${SOCKADDR_UN.path}, "path");`,
    '_Static_assert(sizeof(struct timespec) == 16, "timespec");',
  ].join('\n');
  const child = Bun.spawn([compiler, '-fsyntax-only', '-x', 'c', '-'], {
    stdin: new TextEncoder().encode(source),
    stderr: 'pipe',
  });
  return `${await child.stderr.text()}${await child.exited}`;
}

testWith(['cc'], 'SOCKETS and SOCKADDR_UN are what the headers say', async ({ cc }) =>
  expect(await objections(cc)).toBe('0'),
);

testWith(['arm64Cc'], 'the same for arm64', async ({ arm64Cc }) =>
  expect(await objections(arm64Cc.cc)).toBe('0'),
);

describe('openDatagrams()', () => {
  test.each([
    ['a path', () => join(directory, 'notify')],
    ['an abstract name', () => `@edgegauge-test-${process.pid}`],
  ])('sends to %s', (_, address) => {
    using there = notified(address());
    const { send } = openDatagrams(address());
    expect(send('READY=1')).toBe(0);
    expect(send('STATUS=Köln')).toBe(0);
    expect(there.take()).toEqual(['READY=1', 'STATUS=Köln']);
  });

  test('answers the errno where nobody listens any more, and does not wait for who is busy', () => {
    const path = join(directory, 'busy');
    const there = notified(path);
    const { send } = openDatagrams(path);
    // unix(7): a queue holds net.unix.max_dgram_qlen messages; then EAGAIN (11).
    const queue = Number(readFileSync('/proc/sys/net/unix/max_dgram_qlen', 'utf8'));
    const answers = Array.from({ length: queue + 5 }, () => send('WATCHDOG=1'));
    expect(answers[0]).toBe(0);
    expect(answers.at(-1)).toBe(11);
    there.close();
    // ENOENT
    expect(send('WATCHDOG=1')).toBe(2);
  });

  test('cuts what is too long instead of failing', () => {
    const path = join(directory, 'long');
    using there = notified(path);
    expect(openDatagrams(path).send(`STATUS=${'x'.repeat(10_000)}`)).toBe(0);
    expect(there.take()[0]).toMatch(/^STATUS=x{2041}$/);
  });

  test.each([
    ['vsock:2:1234', /neither a path nor an @name/],
    ['relative/path', /neither a path nor an @name/],
    ['@', /neither a path nor an @name/],
    [`/${'x'.repeat(200)}`, /too long/],
  ])('refuses %p', (address, message) => {
    expect(() => openDatagrams(address)).toThrow(message);
  });

  test('its socket is not handed on to children', () => {
    const path = join(directory, 'mine');
    using _there = notified(path);
    const sockets = (pid: string): string[] => {
      const flags = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => {
        try {
          return readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
        } catch {
          return '';
        }
      });
      // proc_pid_fdinfo(5): flags are octal, O_CLOEXEC among them.
      return flags.filter((f) => /^flags:\t0*2004002$/m.test(f));
    };
    const before = sockets('self').length;
    openDatagrams(path);
    expect(sockets('self').length).toBe(before + 1);
  });

  test('monotonic() is the kernel’s clock, in microseconds', () => {
    const path = join(directory, 'clock');
    using _there = notified(path);
    const { monotonic } = openDatagrams(path);
    const first = monotonic();
    // Time since boot counts sleep too, so it is never less.
    const up = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1e6;
    expect(first).toBeLessThanOrEqual(up + 20_000);
    expect(first).toBeGreaterThan(0);
    expect(Number.isInteger(first)).toBe(true);
    expect(monotonic()).toBeGreaterThanOrEqual(first);
  });
});
