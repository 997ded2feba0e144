/** What the fake answers to calls that fill lists: processes, samples, MIG devices, GPM, events. */
import { expect } from 'bun:test';
import {
  GpmBatch,
  type Handle,
  type Nvml,
  ProcessList,
  ProcessUtilization,
  RETURN,
  SampleList,
  U32_ALL_ONES,
} from '../../../ffi/nvml.ts';
import { testWith } from '../../parts.ts';
import { FakeNvml } from './nvml.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;
const MIB = 2 ** 20;
const XID = 0x8;

function withFake(
  name: string,
  body: (nvml: Nvml, fake: FakeNvml) => void,
  missing: string[] = [],
) {
  using fake = new FakeNvml(name, { elapsed: 0, missing });
  const nvml = fake.open();
  expect(nvml.init()).toBe(RETURN.success);
  body(nvml, fake);
}

type Mode = 'compute' | 'graphics' | 'mps';
function processes(nvml: Nvml, device: Handle, mode: Mode): [pid: number, mib: number][] {
  const list = new ProcessList();
  expect(nvml.processes.list(mode, device, list)).toBe(RETURN.success);
  return Array.from({ length: list.length }, (_, i) => [
    list.pid[i] as number,
    (list.memory[i] as number) / MIB,
  ]);
}

const OLD = ['_v3', ''].map((version) => `nvmlDeviceGetComputeRunningProcesses${version}`);
for (const [bytes, scenario, missing] of [
  [32, 'driver535', []],
  [24, 'driver535', ['nvmlDeviceGetConfComputeMemSizeInfo']],
  [24, 'driver535', OLD.slice(0, 1)],
  [16, 'driver535', [OLD[0] as string, 'nvmlDeviceGetComputeRunningProcesses_v2']],
] as const) {
  testWith(
    NEEDS,
    `process records of ${bytes} bytes are filled where ${missing.join(' and ') || 'nothing more'} is missing`,
    () => {
      withFake(
        scenario,
        (nvml, fake) => {
          // What the driver does and what the library exports go together in a real one.
          if (bytes !== 32) fake.set('system', 'ProcessRecord', 24);
          expect(nvml.processes.recordBytes('compute')).toBe(bytes);
          const gpu = nvml.handle(0);
          expect(processes(nvml, gpu, 'compute')).toEqual([
            [70101, 6100],
            [70102, 3200],
          ]);
          if (missing[0] === undefined) {
            expect(processes(nvml, gpu, 'mps')).toEqual([[70103, 700]]);
            const list = new ProcessList();
            nvml.processes.list('compute', gpu, list);
            expect(list.protectedMemory[1]).toBe(102 * MIB);
            expect(list.gpuInstance[1]).toBe(U32_ALL_ONES);
          }
        },
        [...missing],
      );
    },
  );
}

testWith(NEEDS, 'a process is listed under each of its kinds, and goes when it ends', () => {
  withFake('rtx4090', (nvml, fake) => {
    const gpu = nvml.handle(0);
    const pids = (mode: Mode) => processes(nvml, gpu, mode).map(([pid]) => pid);
    expect(pids('compute')).toEqual([2377, 9107]);
    expect(pids('graphics')).toEqual([2101, 2377]);
    expect(pids('mps')).toEqual([]);
    fake.remove('gpu 0 process 9107');
    expect(pids('compute')).toEqual([2377]);
    fake.set('gpu 0 process 9109', 'usedGpuMemory', '12MiB');
    expect(processes(nvml, gpu, 'compute')).toEqual([
      [2377, 411],
      [9109, 12],
    ]);
  });
});

testWith(NEEDS, 'a list that is too short is refused with the length that is needed', () => {
  withFake('rtx4090', (nvml, fake) => {
    fake.set('gpu 0 process 10001-13000', 'usedGpuMemory', '1MiB +1KiB*i');
    const found = processes(nvml, nvml.handle(0), 'compute');
    expect(found.length).toBe(3002);
    expect(found.at(-1)).toEqual([13_000, 1 + 2999 / 1024]);
  });
});

testWith(
  NEEDS,
  'what processes use of the engines is newer than what was seen, by both functions',
  () => {
    for (const missing of [[], ['nvmlDeviceGetProcessesUtilizationInfo']]) {
      withFake(
        'rtx4090',
        (nvml) => {
          const list = new ProcessUtilization();
          const gpu = nvml.handle(0);
          expect(nvml.processes.utilization(gpu, 0, list)).toBe(RETURN.success);
          expect([...list.pid.slice(0, 3)]).toEqual([2101, 2377, 9107]);
          expect([...list.sm.slice(0, 3)]).toEqual([3, 6, 78]);
          expect([list.memory[2], list.encoder[1], list.decoder[1]]).toEqual([40, 19, 7]);
          expect(list.jpeg[0]).toBe(missing.length > 0 ? U32_ALL_ONES : 0);
          const seen = list.timestamp[0] as number;
          expect(Math.abs(seen / 1000 - Date.now())).toBeLessThan(60_000);
          while (nvml.processes.utilization(gpu, seen, list) === RETURN.notFound) Bun.sleepSync(1);
          expect(list.timestamp[0]).toBeGreaterThan(seen);
        },
        missing,
      );
    }
  },
);

testWith(NEEDS, 'sample buffers hold a spike that came between two polls', () => {
  withFake('rtx4090', (nvml, fake) => {
    const list = new SampleList();
    const gpu = nvml.handle(0);
    expect(nvml.fields.samples(gpu, 0, 0, list)).toBe(RETURN.success);
    expect(list.length).toBe(120);
    const values = list.value.slice(0, list.length);
    expect([Math.max(...values), Math.min(...values)]).toEqual([436_125, 368_500]);
    expect((list.timestamp[1] as number) - (list.timestamp[0] as number)).toBe(20_000);
    const last = list.timestamp[119] as number;
    while (nvml.fields.samples(gpu, 0, last, list) === RETURN.notFound) Bun.sleepSync(1);
    expect(list.timestamp[0]).toBe(last + 20_000);
    fake.set('gpu 0', 'Samples.gpu_util', '5 every 1ms keep 7');
    expect(nvml.fields.samples(gpu, 1, 0, list)).toBe(RETURN.success);
    expect([...list.value.slice(0, list.length)]).toEqual(Array(7).fill(5));
    expect(nvml.fields.samples(gpu, 8, 0, list)).toBe(RETURN.notSupported);
  });
});

testWith(
  NEEDS,
  'MIG devices have gaps, their own memory and processes, and the way to their GPU',
  () => {
    withFake('h100-mig', (nvml) => {
      const gpu = nvml.handle(0);
      const migs = Array.from({ length: nvml.u32('maxMigDeviceCount', gpu) }, (_, i) =>
        nvml.migHandle(gpu, i),
      );
      expect(migs.map((handle) => handle !== 0)).toEqual([
        true,
        true,
        true,
        false,
        true,
        false,
        false,
      ]);
      const [, second, third, , last] = migs as [Handle, Handle, Handle, Handle, Handle];
      expect(nvml.text('name', third)).toBe('NVIDIA H100 80GB HBM3 MIG 2g.20gb');
      expect([nvml.u32('gpuInstanceId', third), nvml.u32('computeInstanceId', second)]).toEqual([
        5, 1,
      ]);
      expect([nvml.parentHandle(third), nvml.u32('isMigDeviceHandle', third)]).toEqual([gpu, 1]);
      expect([nvml.parentHandle(gpu), nvml.rc]).toEqual([0, RETURN.invalidArgument]);
      const memory = { total: 0, reserved: 0, free: 0, used: 0 };
      nvml.readings.memory(third, memory);
      expect([memory.total, memory.used]).toEqual([20_096 * MIB, 15_000 * MIB]);
      expect([nvml.u32('powerUsage', third), nvml.rc]).toEqual([Number.NaN, RETURN.notSupported]);
      expect(processes(nvml, third, 'compute')).toEqual([[52003, 14_800]]);
      expect(processes(nvml, second, 'compute')).toEqual([[52002, 20_500]]);
      expect(processes(nvml, last, 'compute')).toEqual([[52004, 2 ** 64 / MIB]]);
      expect(processes(nvml, gpu, 'compute').length).toBe(4);
      expect(nvml.handleByUuid('MIG-7e219e30-66f3-5c9d-bfa8-31bc5d8e4f63')).toBe(third);
    });
  },
);

testWith(NEEDS, 'GPM answers metrics between two samples of a GPU or of a GPU instance', () => {
  withFake('h100-mig', (nvml) => {
    const gpu = nvml.handle(0);
    const [older, newer] = [nvml.gpm.alloc(), nvml.gpm.alloc()];
    const batch = new GpmBatch([1, 2, 10, 61]);
    expect(nvml.gpm.migSample(gpu, 5, older)).toBe(RETURN.success);
    expect(nvml.gpm.migSample(gpu, 5, newer)).toBe(RETURN.success);
    expect(nvml.gpm.metrics(older, newer, batch)).toBe(RETURN.success);
    expect([...batch.value]).toEqual([55.5, 45.5, 15.5, Number.NaN]);
    expect([...batch.rc]).toEqual([0, 0, 0, RETURN.notSupported]);
    expect(nvml.gpm.metrics(newer, older, batch)).toBe(RETURN.invalidArgument);
    nvml.gpm.sample(gpu, newer);
    expect(nvml.gpm.metrics(older, newer, batch)).toBe(RETURN.invalidArgument);
    expect(nvml.gpm.migSample(gpu, 6, newer)).toBe(RETURN.invalidArgument);
    nvml.gpm.sample(gpu, older);
    nvml.gpm.sample(gpu, newer);
    expect(nvml.gpm.metrics(older, newer, batch)).toBe(RETURN.success);
    expect(batch.value[0]).toBe(44.5);
    expect([nvml.gpm.free(older), nvml.gpm.free(newer)]).toEqual([0, 0]);
  });
});

testWith(
  NEEDS,
  'an event set hears what comes after it was registered, and what was kept back for it',
  () => {
    withFake('h200x8', (nvml, fake) => {
      fake.xid(2, 31);
      fake.set('gpu 3', 'Temperature.gpu', 1);
      const set = nvml.events.create();
      expect(nvml.events.register(nvml.handle(2), XID, set)).toBe(RETURN.success);
      expect(nvml.events.register(nvml.handle(3), XID | 0x4000, set)).toBe(RETURN.notSupported);
      expect([nvml.events.wait(set, 1), nvml.rc]).toEqual([undefined, RETURN.timeout]);
      fake.xid(3, 48);
      fake.xid(2, 79);
      fake.event(2, 0x100, 7);
      const event = nvml.events.wait(set, 1000);
      expect(event).toMatchObject({ device: nvml.handle(2), type: XID, data: 79 });
      expect(event?.gpuInstance).toBe(U32_ALL_ONES);
      expect([nvml.events.wait(set, 1), nvml.rc]).toEqual([undefined, RETURN.timeout]);
      fake.set('gpu 2', '*', 'GPU_IS_LOST');
      expect([nvml.events.wait(set, 1000), nvml.rc]).toEqual([undefined, RETURN.gpuIsLost]);
      expect(nvml.events.free(set)).toBe(RETURN.success);
      expect(nvml.events.free(nvml.events.create())).toBe(RETURN.success);
    });
    withFake('gb10', (nvml, fake) => {
      fake.set('gpu 0', 'xid', '119 gi 3 pending');
      const set = nvml.events.create();
      nvml.events.register(nvml.handle(0), XID, set);
      expect(nvml.events.wait(set, 1000)).toMatchObject({ data: 119, gpuInstance: 3 });
      expect([nvml.events.wait(set, 1), nvml.rc]).toEqual([undefined, RETURN.timeout]);
    });
  },
);
