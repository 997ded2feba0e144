/** NVIDIA's GPUs behind the whole program: found, read, lost, hung, crashed. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';

setDefaultTimeout(120_000);

const NEEDS = ['cc', 'nvmlHeader'] as const;
const FIRST = 'GPU-11aa22bb-0001-4c33-8d44-5e55f6661001';
const SECOND = 'GPU-11aa22bb-0002-4c33-8d44-5e55f6661002';
/** Three GPUs that do not lose themselves. */
function three(): FakeNvml {
  const fake = new FakeNvml('lost');
  for (const gpu of ['gpu 1', 'gpu 2']) fake.set(gpu, '*', 'SUCCESS');
  return fake;
}

const flags = (library: string): string[] => [
  `--gpu.nvidia-library=${library}`,
  '--gpu.poll-interval=200ms',
  '--poll.deadline=1s',
];

async function serve(fake: FakeNvml, library = fake.library): Promise<Running> {
  const running = await start(flags(library), { env: fake.env });
  await ready(running);
  return running;
}

const shows = (running: Running, ...parts: (string | RegExp)[]): Promise<string> =>
  until(
    () => scrape(running),
    (text) =>
      parts.every((part) => (typeof part === 'string' ? text.includes(part) : part.test(text))),
  );

/** The temperature of a GPU, in a page. */
const read = (uuid: string): RegExp => new RegExp(`gpu_temperature_celsius\\{.*${uuid}.*\\} \\d`);

interface Status {
  readonly probes: readonly { readonly kind: string; readonly pid?: number }[];
}
const probes = async (running: Running): Promise<Map<string, number | undefined>> => {
  const status = (await (await fetch(`${running.url}/api/v1/status`)).json()) as Status;
  return new Map(status.probes.map(({ kind, pid }) => [kind, pid]));
};

/** Processes whose parent is this one. */
const children = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);

testWith(NEEDS, 'GPUs are on the page in both vocabularies, and collect[] knows them', async () => {
  using fake = new FakeNvml('gb10');
  await using running = await serve(fake);
  const text = await shows(running, 'gpu_temperature_celsius{device="0"');
  expect(text).toContain('gpu_memory_unified{device="0"');
  const total = Number(/^gpu_memory_total_bytes\{.*\} (\S+)$/m.exec(text)?.[1]);
  expect(total).toBe(Number(/^memory_total_bytes (\S+)$/m.exec(text)?.[1]));
  expect(await scrape(running, '?dialect=dcgm')).toContain('DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="');
  const alone = await scrape(running, '?collect[]=gpu');
  expect(alone).toContain('gpu_temperature_celsius');
  expect(alone).not.toContain('\nmemory_total_bytes');
});

testWith(NEEDS, 'XID errors are heard while nothing else waits for them', async () => {
  using fake = three();
  await using running = await serve(fake);
  for (let gpu = 0; gpu < 3; gpu++) await fake.reached('registered RegisterEvents');
  fake.xid(1, 79);
  const text = await shows(running, /gpu_xid_errors_total\{.*xid="79"\} 1/);
  expect(text).toContain(`gpu_xid_errors_total{device="1",uuid="${SECOND}"`);
  expect(text).toMatch(read(FIRST));
});

testWith(
  NEEDS,
  'a GPU whose read hangs is left out, the others are back, and so is it later',
  async () => {
    using fake = three();
    await using running = await serve(fake);
    await shows(running, read(SECOND));
    fake.set('gpu 1', 'Temperature', 'hang');
    const text = await shows(
      running,
      'edgegauge_probe_devices_skipped{source="nvidia"} 1',
      read(FIRST),
      'gpu_devices{vendor="nvidia"} 2',
    );
    expect(text).not.toMatch(read(SECOND));
    expect(text).toMatch(new RegExp(`gpu_lost\\{.*${SECOND}.*\\} 1`));
    expect(text).toContain('edgegauge_probe_restarts_total{source="nvidia",reason="deadline"} 1');
    fake.unset('gpu 1', 'Temperature');
    await shows(running, read(SECOND), 'gpu_devices{vendor="nvidia"} 3');
  },
);

testWith(
  [...NEEDS, 'fuse'],
  'beside a process that cannot be killed no other is started, the host is served, and GPUs are back when it ends',
  async () => {
    await using files = await HangFs.mount({ held: 'x' });
    using fake = three();
    await using running = await serve(fake);
    await shows(running, read(SECOND));
    const before = await probes(running);
    await files.hold('held');
    fake.set('gpu 1', 'Temperature', `hang-file ${files.path}/held`);
    await shows(running, /edgegauge_probe_stuck_seconds\{source="nvidia"\} [1-9]/);
    const stuck = children(running.pid);
    expect(stuck).toContain(before.get('nvidia') as number);
    expect((await probes(running)).get('nvidia')).toBeUndefined();
    // Longer than the time after which another would be started.
    const text = await shows(running, /edgegauge_probe_stuck_seconds\{source="nvidia"\} [4-9]/);
    expect(children(running.pid)).toEqual(stuck);
    expect(text).not.toContain('gpu_temperature_celsius{');
    expect(text).toContain('\nmemory_total_bytes ');
    fake.unset('gpu 1', 'Temperature');
    await files.free();
    await shows(running, read(FIRST), read(SECOND));
  },
);

testWith(
  NEEDS,
  'a library that aborts takes the GPUs away for a moment, and nothing else',
  async () => {
    using fake = three();
    await using running = await serve(fake);
    await shows(running, read(FIRST));
    fake.set('gpu 0', 'PowerUsage', 'abort');
    await shows(running, /probe_restarts_total\{source="nvidia",reason="SIGABRT"\} [1-9]/);
    expect(await scrape(running)).toContain('\nmemory_total_bytes ');
    fake.unset('gpu 0', 'PowerUsage');
    await shows(running, read(FIRST), read(SECOND));
  },
);

testWith(NEEDS, 'a library that was replaced is loaded by another process', async () => {
  using fake = three();
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-library-'));
  const library = join(directory, 'libnvidia-ml.so.1');
  copyFileSync(fake.library, library);
  await using running = await serve(fake, library);
  await shows(running, read(FIRST));
  const before = await probes(running);
  // A new module is loaded: the old library is initialised no more, for as long as its process lives.
  fake.setAll('system', { Init: 'LIB_RM_VERSION_MISMATCH', Count: 'UNINITIALIZED' });
  await shows(running, 'edgegauge_source_up{source="nvidia"} 0');
  fake.unset('system', 'Count');
  fake.unset('system', 'Init');
  copyFileSync(fake.library, join(directory, 'next'));
  renameSync(join(directory, 'next'), library);
  await shows(running, read(FIRST), 'edgegauge_source_up{source="nvidia"} 1');
  expect((await probes(running)).get('nvidia')).not.toBe(before.get('nvidia'));
  expect(running.log()).toContain('the library was replaced: starting again');
  rmSync(directory, { recursive: true });
});

test('a machine without NVIDIA pays no process for it, and says why', async () => {
  await using running = await start([
    '--gpu.nvidia-library=/nonexistent/libnvidia-ml.so.1',
    '--no-serving.enabled',
  ]);
  await ready(running);
  expect(children(running.pid)).toHaveLength(1);
  expect([...(await probes(running)).keys()]).toEqual([
    'sensors',
    'nvidia',
    'nvidia-events',
    'amd',
  ]);
  expect(await scrape(running)).not.toContain('source="nvidia"');
});

test.each([['--gpu.nvidia=false'], ['--no-gpu.enabled']])(
  '%s leaves NVIDIA alone',
  async (flag) => {
    await using running = await start([flag]);
    await ready(running);
    const kinds = [...(await probes(running)).keys()];
    expect(kinds).toContain('sensors');
    expect(kinds.filter((kind) => kind.startsWith('nvidia'))).toEqual([]);
  },
);

async function run(fake: FakeNvml | undefined, ...args: string[]) {
  const child = Bun.spawn([...command(), ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, ...fake?.env },
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, out, err };
}

test('GPUs that must be there and are not fail their source, and doctor says what to do', async () => {
  const args = ['--gpu.nvidia=true', '--gpu.nvidia-library=/nonexistent/libnvidia-ml.so.1'];
  await using running = await start(args);
  await ready(running);
  await shows(running, 'edgegauge_source_up{source="nvidia"} 0');
  const { code, out } = await run(undefined, 'doctor', ...args);
  expect(code).toBe(1);
  expect(out).toMatch(/Failed:\n {2}nvidia: the NVML library cannot be loaded/);
  expect(out).toContain('--gpu.nvidia-library names it');
});

testWith(NEEDS, 'snapshot has the GPUs, and doctor a GB10 that is short of power', async () => {
  using fake = new FakeNvml('gb10');
  const found = 'GPUs:\n  GPU 0 (GPU-5d3c1f70-2b64-91ae-7c08-e1f4a96b3d52): NVIDIA GB10, at ';
  const fault = 'GPU 0 (GPU-5d3c1f70-2b64-91ae-7c08-e1f4a96b3d52) is 94 % busy at';
  const doctor = async (...more: string[]): Promise<string> =>
    (await run(fake, 'doctor', ...flags(fake.library), ...more)).out;
  const snapshot = await run(fake, 'snapshot', ...flags(fake.library));
  expect(snapshot.out).toContain('gpu_temperature_celsius{device="0"');
  const well = await doctor();
  expect(well).toContain(found);
  expect(well).not.toContain(fault);
  fake.setAll('gpu 0', { 'ClockInfo.sm': 721, PowerUsage: 18000 });
  const out = await doctor();
  expect(out).toContain(found);
  expect(out).toContain(fault);
  expect(out).toContain('at 721 MHz and 18 W with no reason given');
  expect(out).toContain('unplug the power adapter from machine and wall for a minute');
  for (const [key, value] of [
    ['ApplicationsClock.graphics', 900],
    ['CurrentClocksEventReasons', 0x20],
  ] as const) {
    fake.set('gpu 0', key, value);
    expect(await doctor()).not.toContain(fault);
    fake.unset('gpu 0', key);
  }
  // It asks what it needs, whatever else is switched off.
  const off = ['--no-gpu.metrics.clock', '--no-gpu.metrics.power', '--no-gpu.metrics.utilization'];
  expect(await doctor(...off)).toContain(fault);
});
