/** AMD's GPUs behind the whole program, by their files: found, lost, hung, switched off. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { amdDirectory, amdMachines, MI300X_PAIR } from '../trees/amd.ts';
import { type Materialised, materialiseTree } from '../trees/write.ts';

setDefaultTimeout(120_000);

const machine = (name: keyof typeof amdMachines = 'mi300x'): Materialised =>
  materialiseTree(amdMachines[name](), name);

async function serve(tree: Materialised, flags: readonly string[] = []): Promise<Running> {
  const pace = ['--gpu.poll-interval=200ms', '--poll.deadline=1s'];
  const running = await start([...tree.flags, ...pace, ...flags]);
  await ready(running);
  return running;
}

const shows = (running: Running, ...parts: (string | RegExp)[]): Promise<string> =>
  until(
    () => scrape(running),
    (text) =>
      parts.every((part) => (typeof part === 'string' ? text.includes(part) : part.test(text))),
  );

const busy = (device: number): RegExp =>
  new RegExp(`gpu_utilization_percent\\{device="${device}".*\\} \\d`);
const lost = (device: number, value: 0 | 1): RegExp =>
  new RegExp(`gpu_lost\\{device="${device}".*\\} ${value}\n`);

const FIRST = amdDirectory(MI300X_PAIR[0] as (typeof MI300X_PAIR)[number]);

async function probePid(running: Running): Promise<number> {
  const { probes } = (await (await fetch(`${running.url}/api/v1/status`)).json()) as Status;
  const pid = probes.find(({ kind }) => kind === 'amd')?.pid;
  if (pid === undefined) throw new Error('the probe does not run');
  return pid;
}

interface Status {
  readonly probes: readonly { readonly kind: string; readonly pid?: number }[];
}

test('a card that falls off the bus is lost, and found when it is back', async () => {
  using tree = machine();
  const config = join(tree.rootfs, FIRST, 'config');
  await using running = await serve(tree);
  await shows(running, busy(0), busy(1), lost(0, 0), 'gpu_devices{vendor="amd"} 2');
  writeFileSync(config, new Uint8Array(64).fill(0xff));
  const text = await shows(running, lost(0, 1), busy(1), 'gpu_devices{vendor="amd"} 1');
  expect(text).not.toMatch(busy(0));
  rmSync(config);
  await shows(running, busy(0), lost(0, 0));
});

test('a card that is gone when its probe is killed stays lost, and the others keep their numbers', async () => {
  using tree = machine();
  await using running = await serve(tree);
  await shows(running, busy(0), busy(1));
  rmSync(join(tree.rootfs, FIRST), { recursive: true });
  const before = await shows(running, lost(0, 1));
  process.kill(await probePid(running), 'SIGKILL');
  const after = await shows(
    running,
    'edgegauge_probe_restarts_total{source="amd",reason="SIGKILL"} 1',
    lost(0, 1),
    busy(1),
  );
  const told = (text: string): string[] => text.match(/^gpu_lost.*$/gm) ?? [];
  expect(told(after)).toEqual(told(before));
});

testWith(
  ['fuse', 'cc'],
  'a card whose driver does not answer costs its own values and nothing else',
  async () => {
    using tree = machine();
    await using files = await HangFs.mount({ busy: '55\n' });
    const path = join(tree.rootfs, FIRST, 'gpu_busy_percent');
    rmSync(path);
    symlinkSync(join(files.path, 'busy'), path);
    await using running = await serve(tree);
    await shows(running, /gpu_utilization_percent\{device="0".*\} 55\n/, busy(1));
    await files.hold('busy');
    await files.held('busy');
    expect(await scrape(running)).toContain('\nmemory_total_bytes ');
    const text = await shows(
      running,
      'edgegauge_probe_devices_skipped{source="amd"} 1',
      'edgegauge_probe_restarts_total{source="amd",reason="deadline"} 1',
      lost(0, 1),
      busy(1),
      '\nmemory_total_bytes ',
    );
    expect(text).not.toMatch(busy(0));
    await files.free();
  },
);

test('gpu.amd=false reads none', async () => {
  using tree = machine();
  await using running = await serve(tree, ['--gpu.amd=false']);
  const text = await scrape(running);
  expect(text).not.toContain('gpu_');
  expect(text).not.toContain('source="amd"');
});

test('snapshot and doctor know them', async () => {
  using tree = machine('radeon');
  const run = async (name: string): Promise<string> => {
    const child = Bun.spawn([...command(), name, ...tree.flags], { stderr: 'inherit' });
    return await new Response(child.stdout).text();
  };
  expect(await run('snapshot')).toContain('name="AMD Radeon RX 7900 XTX",vendor="amd"');
  expect(await run('doctor')).toMatch(/^Found:\n.*\bamd\b/m);
});
