/** A device and a mount that never answer, in front of the whole program. */
import { expect } from 'bun:test';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { type Materialised, materialise } from '../trees/write.ts';

const LIMIT = 120_000;

function serve(machine: Materialised, port = 0): Promise<Running> {
  return start([
    `--path.procfs=${machine.procfs}`,
    `--path.sysfs=${machine.sysfs}`,
    `--path.rootfs=${machine.rootfs}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--poll.deadline=1s',
    '--poll.interval=200ms',
    '--collector.filesystem.mount-timeout=500ms',
  ]);
}

const shows = (running: Running, ...parts: string[]): Promise<string> =>
  until(
    () => scrape(running),
    (text) => parts.every((part) => text.includes(part)),
  );

/** What must be there whatever hangs: memory-backed files, and other devices of the same probe. */
const INTACT = ['\nmemory_total_bytes ', '\nthermal_zone_temperature_celsius{zone="0"'];
const HANGING = 'sensor_temperature_celsius{chip="odd"';

testWith(
  ['fuse'],
  'a sensor whose read never returns and cannot be killed is left out; all else is served, and SIGTERM ends with the port free',
  async () => {
    using machine = materialise('spark');
    const chip = join(machine.sysfs, 'class', 'hwmon', 'hwmon99');
    mkdirSync(chip);
    const fs = await HangFs.mount({ name: 'odd\n', temp1_input: '42000\n' }, chip);
    const running = await serve(machine);
    try {
      await ready(running);
      await shows(running, HANGING, ...INTACT);
      await fs.hold('temp1_input');
      await fs.held('temp1_input');
      // While the probe hangs nothing of the host is missing.
      expect(await scrape(running)).toContain('\nmemory_total_bytes ');
      const text = await shows(
        running,
        'edgegauge_probe_devices_skipped{source="sensors"} 1',
        'edgegauge_probe_restarts_total{source="sensors",reason="deadline"} 1',
        ...INTACT,
      );
      expect(text).not.toContain(HANGING);
      const status = (await (await fetch(`${running.url}/api/v1/status`)).json()) as {
        probes: { skipped: { device: string }[] }[];
      };
      expect(status.probes[0]?.skipped.map((s) => s.device)).toEqual([chip]);
      expect(await running.stop()).toBe(0);
      await using again = await serve(machine, running.port);
      expect(await scrape(again)).toContain('\nmemory_total_bytes ');
    } finally {
      await fs[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    }
  },
  LIMIT,
);

testWith(
  ['fuse'],
  'a mount whose statfs never returns is left out and counted; all else is served, and SIGTERM ends with the port free',
  async () => {
    using machine = materialise('spark');
    const point = join(machine.rootfs, 'hung');
    mkdirSync(point);
    appendFileSync(
      join(machine.procfs, '1', 'mountinfo'),
      '99 1 0:99 / /hung rw,relatime shared:99 - fuse.hangfs server rw\n',
    );
    const fs = await HangFs.mount({}, point);
    const running = await serve(machine);
    try {
      await ready(running);
      const size = 'storage_size_bytes{mountpoint="/hung"';
      await shows(running, size, 'filesystem_mounts_stuck 0', ...INTACT);
      await fs.hold('statfs');
      await fs.held('statfs');
      const text = await shows(running, 'filesystem_mounts_stuck 1', ...INTACT);
      expect(text).not.toContain(size);
      expect(text).toContain('storage_size_bytes{mountpoint="/"');
      const node = await scrape(running, '?dialect=node');
      expect(node).toMatch(/node_filesystem_device_error\{[^}]*mountpoint="\/hung"\} 1/);
      await fs.free();
      await shows(running, size, 'filesystem_mounts_stuck 0');
      await fs.hold('statfs');
      await fs.held('statfs');
      expect(await running.stop()).toBe(0);
      await using again = await serve(machine, running.port);
      expect(await scrape(again)).toContain('\nmemory_total_bytes ');
    } finally {
      await fs[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    }
  },
  LIMIT,
);
