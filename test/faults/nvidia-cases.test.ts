/** What a user sees of a driver that is broken in its own way, and of GPUs that come and go: everywhere that it shows. */
import { expect } from 'bun:test';
import { copyFileSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { GpuPatient, type ProbeSays, restarts, value } from './gpu-patient.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;
const LIMIT = 180_000;

const GPU = '\ngpu_temperature_celsius{device="0"';
const up = (source = 'nvidia'): string => `edgegauge_source_up{source="${source}"}`;
const stuck = (source = 'nvidia'): string => `edgegauge_probe_stuck_seconds{source="${source}"}`;
/** What a probe of which there was no other says of its ends. */
const NEVER = { deadline: 0, exit: 0, spawn: 0, SIGABRT: 0, SIGBUS: 0, SIGKILL: 0, SIGSEGV: 0 };

const source = (probe: ProbeSays) => probe.sources.find(({ name }) => name === probe.kind);

testWith(
  NEEDS,
  'an initialisation that never returns is named, and the GPU is found when it does',
  async () => {
    await using gpus = await GpuPatient.admit('hang-init', () => {}, '--poll.deadline=500ms');
    const why = 'hung at the NVIDIA driver';
    const page = await gpus.watch((text) => restarts(text, 'deadline') > 0, { least: 1 });
    expect(page).not.toContain('\ngpu_');
    expect([value(page, up()), value(page, stuck())]).toEqual([0, 0]);
    const says = await gpus.says((probe) => probe.lastError === why);
    expect(source(says)?.status).toBe('failed');
    const { text, code } = await gpus.doctor();
    expect(text).toContain(`\nFailed:\n  nvidia: ${why}\n    The driver does not answer:`);
    expect(text).toContain('\n    left out, it hung a probe: the NVIDIA driver\n');
    expect(code).toBe(1);
    // Meanwhile it is left out by a probe that lives, which says so too.
    await gpus.says((probe) => /hung a probe/.test(source(probe)?.error ?? ''));
    gpus.fake.set('system', 'Init', 'SUCCESS');
    const after = await gpus.shows(GPU);
    expect(value(after, up())).toBe(1);
    await gpus.says((probe) => probe.skipped.length === 0 && source(probe)?.status === 'ok');
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a wait for events that never returns costs XID errors alone',
  async () => {
    await using gpus = await GpuPatient.admit('hang-events');
    const events = 'nvidia-events';
    const page = await gpus.watch((text) => restarts(text, 'deadline', events) > 0, { least: 1 });
    expect(page).toContain(GPU);
    expect(page).not.toContain('\ngpu_xid_errors_total');
    expect([value(page, up()), value(page, up(events)), value(page, stuck(events))]).toEqual([
      1, 0, 0,
    ]);
    expect(await gpus.says(({ skipped }) => skipped.length > 0, events)).toMatchObject({
      lastError: 'hung at the events of the NVIDIA driver',
      skipped: [{ device: 'the events of the NVIDIA driver' }],
    });
    expect((await gpus.says(() => true)).restarts).toEqual(NEVER);
    // Whoever looks once waits for no event.
    const { text, code } = await gpus.doctor();
    expect(text).toMatch(/^ {2}nvidia: running$/m);
    expect(code).toBe(0);
    gpus.fake.set('system', 'EventSetWait', 'TIMEOUT');
    await gpus.watch((after) => value(after, up(events)) === 1, { least: 1 });
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'lists of a length that cannot be and texts without an end are left out, and nothing else',
  async () => {
    await using gpus = await GpuPatient.admit('garbage');
    const page = await gpus.shows(GPU);
    expect(page).toContain('name="NVIDIA L40S"} 55\n');
    expect(page).not.toContain('#####');
    expect(page).not.toMatch(/^gpu_process/m);
    expect([value(page, up()), value(page, up('nvidia-events'))]).toEqual([1, 1]);
    expect((await gpus.says(() => true)).restarts).toEqual(NEVER);
    const { text, code } = await gpus.doctor();
    expect(text).toMatch(/^ {2}nvidia: running$/m);
    expect(code).toBe(0);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a driver that is upgraded while it is in use is named, and its new library is loaded when it comes',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'edgegauge-upgrade-'));
    const library = join(directory, 'libnvidia-ml.so.1');
    try {
      let built = '';
      const install = (fake: { library: string }): void => {
        built = fake.library;
        symlinkSync(built, library);
      };
      await using gpus = await GpuPatient.admit('gb10', install, `--gpu.nvidia-library=${library}`);
      await gpus.shows(GPU);
      const [driver, init] = [{ '*': 'LIB_RM_VERSION_MISMATCH' }, 'LIB_RM_VERSION_MISMATCH'];
      gpus.fake.set('system', 'Init', init);
      gpus.fake.setAll('gpu 0', driver);
      const page = await gpus.watch((text) => !text.includes(GPU) && value(text, up()) === 0);
      expect(restarts(page, 'exit')).toBe(0);
      const said = await gpus.says((probe) => source(probe)?.status === 'failed');
      expect(source(said)?.error).toContain('differ in version');
      const { text, code } = await gpus.doctor();
      expect(text).toContain('\n    The driver was upgraded while it was in use:');
      expect(code).toBe(1);

      copyFileSync(built, `${library}.new`);
      renameSync(`${library}.new`, library);
      gpus.fake.set('system', 'Init', 'SUCCESS');
      gpus.fake.unset('gpu 0', '*');
      const after = await gpus.watch((now) => now.includes(GPU), { least: 1 });
      expect(value(after, up())).toBe(1);
      expect(restarts(after, 'exit')).toBe(1);
      expect(await gpus.says((probe) => probe.state === 'running')).toMatchObject({
        lastError: expect.stringContaining('the library was replaced'),
      });
      expect(gpus.wrong).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a GPU that is added, one that is drained and one that wants a reset each show, all in the same process',
  async () => {
    const gpu = (device: number): string => `\ngpu_temperature_celsius{device="${device}"`;
    const lost = (page: string, device: number): boolean =>
      new RegExp(`^gpu_lost\\{device="${device}",.*\\} 1$`, 'm').test(page);
    const count = (page: string): number => value(page, 'gpu_devices{vendor="nvidia"}');
    await using gpus = await GpuPatient.admit('h200x8', (fake) => fake.remove('gpu 7'));
    expect(count(await gpus.shows(gpu(0), gpu(6)))).toBe(7);

    gpus.fake.unset('gpu 7', 'absent');
    expect(count(await gpus.shows(gpu(0), gpu(7)))).toBe(8);

    gpus.fake.set('gpu 3', '*', 'RESET_REQUIRED');
    const page = await gpus.watch((text) => lost(text, 3) && !text.includes(gpu(3)), { least: 1 });
    expect(count(page)).toBe(7);
    expect(page).toContain(gpu(7));
    const { text } = await gpus.doctor();
    expect(text).toMatch(/^ {2}GPU 3.* no longer answers: see the kernel log \(Xid/m);
    gpus.fake.unset('gpu 3', '*');
    const reset = await gpus.watch((now) => now.includes(gpu(3)) && !lost(now, 3), { least: 1 });
    expect(count(reset)).toBe(8);

    gpus.fake.remove('gpu 7');
    const drained = await gpus.watch((now) => !now.includes(gpu(7)), { least: 1 });
    expect(count(drained)).toBe(7);
    expect(drained).toContain(gpu(0));
    expect(value(drained, up())).toBe(1);
    expect((await gpus.says(() => true)).restarts).toEqual(NEVER);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a library that crashes is said to have, with the GPU and the signal, and not with a request to report it',
  async () => {
    await using gpus = await GpuPatient.admit('gb10');
    await gpus.shows(GPU);
    gpus.fake.set('gpu 0', 'PowerUsage', 'segfault');
    const why = /^was ended by SIGSEGV at GPU-[^:]+: Segmentation fault at address 0x/;
    const says = await gpus.says((probe) => why.test(probe.lastError ?? ''));
    expect(says.restarts['SIGSEGV']).toBeGreaterThan(0);
    const { text, code } = await gpus.doctor();
    expect(text).toMatch(
      /\nFailed:\n {2}nvidia: was ended by SIGSEGV at GPU-[^\n]+\n {4}The library of the driver crashed:/,
    );
    expect(code).toBe(1);
    expect(gpus.running.log()).not.toContain('bun.report');
    gpus.fake.unset('gpu 0', 'PowerUsage');
    expect(value(await gpus.shows(GPU), up())).toBe(1);
  },
  LIMIT,
);

testWith(
  [...NEEDS, 'fuse'],
  'doctor ends and says where, although the driver holds its probe for ever',
  async () => {
    await using fs = await HangFs.mount({ x: '1' });
    await using gpus = await GpuPatient.admit('gb10', () => {}, '--poll.deadline=500ms');
    try {
      await gpus.shows(GPU);
      await fs.hold('x');
      gpus.fake.set('gpu 0', 'PowerUsage', `hang-file ${fs.path}/x`);
      const { text, code } = await gpus.doctor();
      expect(text).toMatch(
        /\nFailed:\n {2}nvidia: hung at GPU-[^\n]+\n {4}The driver does not answer:/,
      );
      expect(text).toMatch(/^ {4}left out, it hung a probe: GPU-/m);
      expect(code).toBe(1);
    } finally {
      gpus.fake.unset('gpu 0', 'PowerUsage');
      await fs.free();
    }
  },
  LIMIT,
);
