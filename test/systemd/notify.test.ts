/** What systemd hears of a serving process, by a socket of ours in the place of its own. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { environmentOf, type Notified, notified } from '../notified.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-notify-'));
afterAll(() => rmSync(directory, { recursive: true }));

let made = 0;
const address = (): string => join(directory, `notify-${made++}`);

/** Collects until the messages are as wished. */
async function heard(
  there: Notified,
  wished: (messages: readonly string[]) => boolean,
): Promise<string[]> {
  const messages: string[] = [];
  await until(() => {
    messages.push(...there.take());
    return messages;
  }, wished);
  return messages;
}

const has = (word: string) => (messages: readonly string[]) =>
  messages.some((m) => m.startsWith(word));

const serve = (socket: string, env: Record<string, string> = {}, args: string[] = []) =>
  start(args, { env: { NOTIFY_SOCKET: socket, ...env } });

describe('sd_notify', () => {
  test.each([
    ['a path', address()],
    ['an abstract name', `@edgegauge-notify-${process.pid}`],
  ])('tells %s of being ready when it answers, with a line for systemctl status', async (_, at) => {
    using there = notified(at);
    await using running = await serve(at);
    const [message] = await heard(there, has('READY=1'));
    expect(await scrape(running)).toContain('\nmemory_total_bytes ');
    expect(message).toMatch(
      new RegExp(
        `^READY=1\\nSTATUS=\\d+ series; probes: sensors \\w+.*; listening on 127\\.0\\.0\\.1:${running.port}$`,
      ),
    );
  });

  test('tells of a reload with the time of the clock, then of being ready, also when the file is wrong', async () => {
    const at = address();
    const config = join(directory, 'edgegauge.yaml');
    writeFileSync(config, 'dialects: [node]\n');
    using there = notified(at);
    await using running = await serve(at, {}, [`--config.file=${config}`]);
    await heard(there, has('READY=1'));
    for (const text of ['dialects: [native]\n', 'dialects: [klingon]\n']) {
      writeFileSync(config, text);
      const before = uptime();
      process.kill(running.pid, 'SIGHUP');
      const [reloading, again] = await heard(there, has('READY=1'));
      const usec = Number(/^RELOADING=1\nMONOTONIC_USEC=(\d+)\n/.exec(reloading ?? '')?.[1]);
      // Both clocks of the kernel, but the one of uptime counts sleep too and has hundredths only.
      expect(usec).toBeLessThanOrEqual(uptime() + 20_000);
      expect(usec).toBeGreaterThan(before - 3_600_000_000 * 24 * 365);
      expect(again).toStartWith('READY=1\nSTATUS=');
    }
    expect(await scrape(running)).toContain('\nmemory_total_bytes ');
  });

  test('tells of its end before it ends', async () => {
    const at = address();
    using there = notified(at);
    const running = await serve(at);
    await heard(there, has('READY=1'));
    expect(await running.stop()).toBe(0);
    expect(await heard(there, has('STOPPING=1'))).toEqual([expect.stringMatching(/^STOPPING=1\n/)]);
  });

  test('pings the watchdog while it runs, not while it stands still, and again when it goes on', async () => {
    const at = address();
    using there = notified(at);
    await using running = await serve(at, { WATCHDOG_USEC: '1000000' });
    const pings = (n: number) => (messages: readonly string[]) =>
      messages.filter((m) => m === 'WATCHDOG=1').length >= n;
    await heard(there, pings(3));
    process.kill(running.pid, 'SIGSTOP');
    await until(
      () => readFileSync(`/proc/${running.pid}/stat`, 'latin1'),
      (stat) => / T /.test(stat),
    );
    there.take();
    await Bun.sleep(1500);
    expect(there.take()).toEqual([]);
    process.kill(running.pid, 'SIGCONT');
    await heard(there, pings(2));
  });

  test('does not ping a watchdog that is meant for another process', async () => {
    const at = address();
    using there = notified(at);
    await using running = await serve(at, { WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' });
    await heard(there, has('READY=1'));
    await ready(running);
    expect(there.take().filter((m) => m === 'WATCHDOG=1')).toEqual([]);
  });

  test('no probe is told where systemd listens', async () => {
    const at = address();
    using there = notified(at);
    await using running = await serve(at, { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '0' });
    await heard(there, has('READY=1'));
    await ready(running);
    expect(environmentOf(running.pid).has('NOTIFY_SOCKET')).toBe(true);
    const probes = children(running);
    expect(probes).not.toEqual([]);
    for (const pid of probes) {
      const names = [...environmentOf(pid).keys()];
      expect(names.filter((name) => /^(NOTIFY_|WATCHDOG_)/.test(name))).toEqual([]);
      expect(names).toContain('PATH');
    }
  });

  test.each([
    ['vsock:2:1234', /systemd cannot be told anything.*neither a path nor an @name/],
    [join(directory, 'nobody'), /systemd does not listen.*errno=2/],
  ])('serves where %p does not listen, and says so', async (at, message) => {
    await using running = await serve(at);
    await until(
      () => running.log(),
      (log) => message.test(log),
    );
    expect(await scrape(running)).toContain('\nmemory_total_bytes ');
  });
});

/** Microseconds since the machine started. */
const uptime = (): number => Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1e6;

/** Processes whose parent it is. */
function children(running: Running): number[] {
  return readdirSync(`/proc/${running.pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${running.pid}/task/${task}/children`, 'latin1')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}
