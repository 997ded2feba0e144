/** A driver that hangs, crashes, loses GPUs, is not there or comes late, in front of the whole program. */
import { expect } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { nvmlLibrary } from '../parts/libraries.ts';
import { needs, testWith } from '../parts.ts';
import { GPU_FLAGS, GpuPatient, reason, restarts, value } from './gpu-patient.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;
const LIMIT = 180_000;
/** Crashes of a serving process after which nothing may be left behind; nvidia-crashes.test.ts has more of them. */
const CRASHES = 6;
/** Seconds for which a probe that cannot be ended is watched: longer than it takes to start one after another. */
const STUCK = 5;

const GPU = '\ngpu_temperature_celsius{device="0"';
const HOST = '\nmemory_total_bytes ';
/** NVML_ERROR_DRIVER_NOT_LOADED in our words. */
const NO_DRIVER = 'the NVIDIA driver is not loaded';

testWith(
  NEEDS,
  'what a driver that hangs has said vanishes long before it is given up',
  async () => {
    await using gpus = await GpuPatient.admit('gb10', () => {}, '--poll.deadline=20s');
    await gpus.shows(GPU);
    gpus.fake.set('gpu 0', 'PowerUsage', 'hang');
    await gpus.fake.reached('hang PowerUsage');
    const page = await gpus.watch((text) => !text.includes(GPU), { least: 1 });
    expect(restarts(page, 'deadline')).toBe(0);
    expect(value(page, 'edgegauge_probe_up{source="nvidia"}')).toBe(0);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a GPU that hangs the driver is left out while the others are back',
  async () => {
    await using gpus = await GpuPatient.admit('h200x8');
    const hung = '\ngpu_temperature_celsius{device="3"';
    await gpus.shows(GPU, hung);
    gpus.fake.set('gpu 3', 'PowerUsage', 'hang');
    await gpus.watch((page) => page.includes(GPU) && !page.includes(hung));
    gpus.fake.unset('gpu 3', 'PowerUsage');
    await gpus.watch((page) => page.includes(GPU) && page.includes(hung));
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  [...NEEDS, 'fuse'],
  'no second probe is started beside one that a driver keeps alive; one is as soon as it ends',
  async () => {
    await using fs = await HangFs.mount({ x: '1' });
    await using gpus = await GpuPatient.admit('gb10');
    try {
      await gpus.shows(GPU);
      const pids = gpus.children().map((child) => child.pid);
      expect(pids).toHaveLength(3);
      await fs.hold('x');
      gpus.fake.set('gpu 0', 'PowerUsage', `hang-file ${fs.path}/x`);
      await fs.held('x');
      const seen = new Set<number>();
      const stuck = 'edgegauge_probe_stuck_seconds{source="nvidia"}';
      const page = await gpus.watch((text) => value(text, stuck) > STUCK, {
        each: () => {
          for (const { pid } of gpus.children()) seen.add(pid);
        },
      });
      expect([...seen].sort()).toEqual(pids.sort());
      expect(page).not.toContain(GPU);
      expect(restarts(page, 'deadline')).toBe(1);
      const held = await gpus.fake.reached('hang-file PowerUsage');
      const says = await gpus.says((probe) => probe.state === 'stuck');
      expect(says.stuck.map(({ pid }) => pid)).toEqual([held]);
      expect(says.sources).toMatchObject([{ name: 'nvidia', status: 'failed' }]);
      gpus.fake.unset('gpu 0', 'PowerUsage');
      await fs.free();
      const after = await gpus.watch((text) => text.includes(GPU) && value(text, stuck) === 0);
      expect(restarts(after, 'deadline')).toBe(1);
      expect(gpus.wrong).toEqual([]);
    } finally {
      await fs.free();
    }
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a GPU that is lost is said to be, the others stay, and it returns, all in the same process',
  async () => {
    await using gpus = await GpuPatient.admit('h200x8');
    const lost = '\ngpu_temperature_celsius{device="3"';
    await gpus.shows(GPU, lost, '\ngpu_devices{vendor="nvidia"} 8\n');
    const pids = gpus.children().map((child) => child.pid);
    const gone = /^gpu_lost\{device="3",.*\} 1$/m;
    gpus.fake.set('gpu 3', '*', 'GPU_IS_LOST');
    const page = await gpus.watch((text) => gone.test(text) && !text.includes(lost));
    expect(page).toContain('\ngpu_devices{vendor="nvidia"} 7\n');
    expect(page.match(/^gpu_lost\{.*\} 0$/gm)).toHaveLength(7);
    expect(page.match(/^gpu_temperature_celsius\{/gm)).toHaveLength(7);
    gpus.fake.unset('gpu 3', '*');
    const after = await gpus.watch((text) => text.includes(lost) && !gone.test(text));
    expect(after).toContain('\ngpu_devices{vendor="nvidia"} 8\n');
    expect(gpus.children().map((child) => child.pid)).toEqual(pids);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'crashes leave no zombie and no descriptor behind',
  async () => {
    await using gpus = await GpuPatient.admit('gb10');
    await gpus.shows(GPU);
    const before = gpus.descriptors();
    for (let i = 0; i < CRASHES; i++) {
      const [fault, why] = i % 2 === 0 ? ['abort', 'SIGABRT'] : ['segfault', 'SIGSEGV'];
      gpus.fake.set('gpu 0', 'PowerUsage', fault as string);
      await gpus.fake.reached(`${fault} PowerUsage`);
      await gpus.watch((page) => restarts(page, why as string) > 0, { least: 1 });
      gpus.fake.unset('gpu 0', 'PowerUsage');
      // A probe is started ever later after a crash, but at once after a reload.
      process.kill(gpus.running.pid, 'SIGHUP');
      await gpus.shows(`restarts_total{source="nvidia",reason="${why}"} 0`, GPU);
    }
    const children = await until(
      () => gpus.children(),
      (now) => now.length === 3,
    );
    expect(children.filter((child) => child.state === 'Z')).toEqual([]);
    // The runtime gives some back a little later.
    await until(
      () => gpus.descriptors(),
      (now) => now <= before,
    );
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'an XID error is counted by its number',
  async () => {
    await using gpus = await GpuPatient.admit('gb10');
    await gpus.fake.reached('registered RegisterEvents');
    gpus.fake.xid(0, 79);
    const counted = (page: string) =>
      /^gpu_xid_errors_total\{.*,xid="79"\} (\d+)$/m.exec(page)?.[1];
    await gpus.watch((page) => counted(page) === '1', { least: 1 });
    gpus.fake.xid(0, 79);
    await gpus.watch((page) => counted(page) === '2', { least: 1 });
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a driver that is loaded later is found',
  async () => {
    const none = (fake: FakeNvml) => fake.set('system', 'Init', 'DRIVER_NOT_LOADED');
    await using gpus = await GpuPatient.admit('no-driver', none);
    const page = await gpus.shows('edgegauge_source_up{source="nvidia"} 0\n');
    expect(page).not.toContain(GPU);
    expect(await reason(gpus.running)).toContain(NO_DRIVER);
    const { text, code } = await gpus.doctor();
    expect(text).toContain(
      `\nFailed:\n  nvidia: NVML says: ${NO_DRIVER}\n    Load the kernel module`,
    );
    expect(code).toBe(1);
    gpus.fake.set('system', 'Init', 'SUCCESS');
    await gpus.shows('edgegauge_source_up{source="nvidia"} 1\n', GPU);
    expect(restarts(await gpus.shows(GPU), 'exit')).toBe(0);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a library that is not there is named in the status, and found when it comes',
  async () => {
    using fake = new FakeNvml('gb10');
    const directory = mkdtempSync(join(tmpdir(), 'edgegauge-library-'));
    const library = join(directory, 'libnvidia-ml.so.1');
    try {
      const flags = [...GPU_FLAGS, `--gpu.nvidia-library=${library}`];
      await using running = await start(flags, { env: fake.env });
      expect(await reason(running)).toContain(library);
      const page = await until(
        () => pageOf(running.url),
        (text) => text.includes('edgegauge_source_up{source="nvidia"} 0\n'),
      );
      expect(page).toContain(HOST);
      symlinkSync(fake.library, library);
      const after = await until(
        () => pageOf(running.url),
        (text) => text.includes(GPU),
      );
      expect(restarts(after, 'exit')).toBe(0);
      expect(restarts(after, 'SIGSEGV')).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
  LIMIT,
);

needs(
  'the real library without a driver says so, and the host is served',
  existsSync('/proc/driver/nvidia') ? undefined : nvmlLibrary(),
  'libnvidia-ml1 of trixie is not unpacked, or this machine has the driver',
  async (library) => {
    const flags = [...GPU_FLAGS, `--gpu.nvidia-library=${library}`];
    await using running = await start(flags);
    expect(await reason(running)).toContain(NO_DRIVER);
    const page = await until(
      () => pageOf(running.url),
      (text) => text.includes('edgegauge_source_up{source="nvidia"} 0\n'),
    );
    expect(page).toContain(HOST);
    expect(page).not.toContain('\ngpu_');
    // That it must be there makes it a failure; otherwise it is absent.
    for (const [choice, code] of [
      ['true', 1],
      ['auto', 0],
    ] as const) {
      const argv = [...command(), 'doctor', ...flags, `--gpu.nvidia=${choice}`];
      const doctor = Bun.spawnSync(argv);
      expect(doctor.stdout.toString()).toContain(`\n  nvidia: NVML says: ${NO_DRIVER}`);
      expect(doctor.exitCode).toBe(code);
    }
  },
  LIMIT,
);

const pageOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
