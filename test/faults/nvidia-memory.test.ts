/** What outlives a probe that crashes: the errors that it counted, and the GPUs that it knew. */
import { expect } from 'bun:test';
import { testWith } from '../parts.ts';
import { GpuPatient, restarts, value } from './gpu-patient.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;
const LIMIT = 180_000;

const XID = /^gpu_xid_errors_total\{device="0",.*xid="79"\} (\d+)$/m;
const xids = (page: string): number => Number(XID.exec(page)?.[1]);

testWith(
  NEEDS,
  'XID errors are counted on over a crash and a reload, and told of a GPU that is gone',
  async () => {
    await using gpus = await GpuPatient.admit('gb10');
    await gpus.shows('\ngpu_temperature_celsius{device="0"');
    gpus.fake.xid(0, 79);
    gpus.fake.xid(0, 79);
    await gpus.watch((page) => xids(page) === 2, { least: 1 });
    // One that nobody has scraped when the probe that counted it crashes.
    gpus.fake.xid(0, 79);
    gpus.fake.set('system', 'EventSetWait', 'TIMEOUT; segfault after 2 calls');
    const kind = 'nvidia-events';
    await gpus.says((probe) => (probe.restarts['SIGSEGV'] ?? 0) > 0, kind);
    gpus.fake.unset('system', 'EventSetWait');
    const after = await gpus.watch((page) => xids(page) >= 2, { least: 1 });
    expect(restarts(after, 'SIGSEGV', kind)).toBeGreaterThan(0);
    const counted = xids(after);
    process.kill(gpus.running.pid, 'SIGHUP');
    await gpus.watch((page) => restarts(page, 'SIGSEGV', kind) === 0 && xids(page) === counted, {
      least: 1,
    });
    gpus.fake.remove('gpu 0');
    const gone = /^gpu_lost\{device="0",.*\} 1$/m;
    const page = await gpus.watch((text) => gone.test(text), { least: 1 });
    expect(xids(page)).toBe(counted);
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(
  NEEDS,
  'a GPU that a probe died of is lost, though the driver does not count it any more',
  async () => {
    await using gpus = await GpuPatient.admit('h200x8');
    const lost = /^gpu_lost\{device="7",uuid="GPU-[^"]+",name="NVIDIA H200"\} (\d)$/m;
    const is = (page: string): string | undefined => lost.exec(page)?.[1];
    await gpus.watch((page) => is(page) === '0', { least: 1 });
    gpus.fake.set('gpu 7', 'PowerUsage', 'segfault');
    await gpus.fake.reached('segfault PowerUsage');
    gpus.fake.remove('gpu 7');
    const page = await gpus.watch((text) => is(text) === '1', { least: 1 });
    expect(restarts(page, 'SIGSEGV')).toBeGreaterThan(0);
    expect(page).toContain('\ngpu_devices{vendor="nvidia"} 7\n');
    gpus.fake.unset('gpu 7', 'PowerUsage');
    gpus.fake.unset('gpu 7', 'absent');
    await gpus.watch((text) => is(text) === '0', { least: 1 });
    expect(gpus.wrong).toEqual([]);
  },
  LIMIT,
);

testWith(NEEDS, 'a short deadline does not make a hang of a wait for events', async () => {
  await using gpus = await GpuPatient.admit('gb10', () => {}, '--poll.deadline=800ms');
  // Two intervals of a second: a wait, and what became of it.
  let seen = 0;
  let last = 0;
  const page = await gpus.watch(
    (text) => {
      const time = value(text, 'edgegauge_probe_sample_timestamp_seconds{source="nvidia-events"}');
      if (time > last) seen++;
      last = time;
      return seen > 2;
    },
    { least: 1 },
  );
  expect(restarts(page, 'deadline', 'nvidia-events')).toBe(0);
  gpus.fake.xid(0, 31);
  await gpus.shows('xid="31"} 1\n');
});

testWith(NEEDS, 'no probe waits for events that nobody wants', async () => {
  await using gpus = await GpuPatient.admit('gb10', () => {}, '--no-gpu.metrics.xid');
  const page = await gpus.shows('\ngpu_temperature_celsius{device="0"');
  expect(gpus.children()).toHaveLength(2);
  expect(page).not.toContain('source="nvidia-events"');
});
