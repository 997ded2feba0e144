import { expect } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { type Call, FieldBatch, type Nvml, RETURN } from '../../../ffi/nvml.ts';
import { CALLS } from '../../../ffi/nvml-calls.ts';
import { testWith } from '../../parts.ts';
import { buildFakeNvml, FakeNvml, scenario } from './nvml.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;
const NAMES = readdirSync(new URL('scenarios', import.meta.url)).map((name) =>
  name.replace('.scenario', ''),
);
const MIB = 2 ** 20;

/** Runs with a scenario, initialised. */
function withFake(
  name: string,
  body: (nvml: Nvml, fake: FakeNvml) => void,
  options: ConstructorParameters<typeof FakeNvml>[1] = { elapsed: 0 },
): void {
  using fake = new FakeNvml(name, options);
  const nvml = fake.open();
  expect(nvml.init()).toBe(RETURN.success);
  body(nvml, fake);
}

const missingOf = (name: string): string[] =>
  [...readFileSync(scenario(name), 'utf8').matchAll(/^missing = (.*)$/gm)].flatMap((line) =>
    (line[1] as string).split(' '),
  );

testWith(
  NEEDS,
  'the library has every function that ffi/nvml.ts calls for a number or a text',
  () => {
    withFake('unsupported', (nvml) => {
      for (const call of Object.keys(CALLS) as Call[])
        expect([call, nvml.has(call)]).toEqual([call, true]);
    });
  },
);

testWith(NEEDS, 'every scenario can be read', () => {
  for (const name of NAMES.filter((each) => each !== 'hang-init')) {
    using fake = new FakeNvml(name);
    const expected = { 'no-driver': RETURN.driverNotLoaded, mismatch: RETURN.libRmVersionMismatch };
    const rc = expected[name as keyof typeof expected] ?? RETURN.success;
    expect([name, fake.open().init()]).toEqual([name, rc]);
  }
});

testWith(NEEDS, 'a library lacks what its scenario says is missing, and only that', () => {
  using complete = new FakeNvml('unsupported');
  const whole = complete.open();
  for (const name of NAMES) {
    using fake = new FakeNvml(name);
    const nvml = fake.open();
    for (const symbol of missingOf(name) as `nvml${string}`[]) {
      expect([symbol, whole.has(symbol), nvml.has(symbol)]).toEqual([symbol, true, false]);
    }
    expect(nvml.has('nvmlDeviceGetMemoryInfo')).toBe(true);
  }
  expect(missingOf('driver470').length).toBeGreaterThan(30);
});

testWith(NEEDS, 'buildFakeNvml() answers the same library for the same wish, in any order', () => {
  const missing = ['nvmlDeviceGetUUID', 'nvmlDeviceGetName'];
  expect(buildFakeNvml({ missing })).toBe(buildFakeNvml({ missing: missing.toReversed() }));
  expect(buildFakeNvml()).not.toBe(buildFakeNvml({ missing }));
});

testWith(NEEDS, 'a GB10 answers what a GB10 does', () => {
  withFake('gb10', (nvml) => {
    const gpu = nvml.handle(0);
    expect(nvml.text('name', gpu)).toBe('NVIDIA GB10');
    const pci = { domain: 0, bus: 0, device: 0, id: 0, subsystemId: 0, busId: '' };
    nvml.readings.pci(gpu, pci);
    expect(pci).toMatchObject({ busId: '0000000F:01:00.0', domain: 15, bus: 1, id: 0x2e1210de });
    const memory = { total: 1, reserved: 2, free: 3, used: 4 };
    expect(nvml.readings.memory(gpu, memory)).toBe(RETURN.notSupported);
    expect(memory).toEqual({ total: 1, reserved: 2, free: 3, used: 4 });
    expect(nvml.u32('powerUsage', gpu)).toBe(46120);
    expect([nvml.u32('powerManagementLimit', gpu), nvml.rc]).toEqual([Number.NaN, 3]);
    expect([nvml.u32('clockInfo', gpu, 2), nvml.rc]).toEqual([Number.NaN, 3]);
    expect([0, 1, 3].map((type) => nvml.u32('clockInfo', gpu, type))).toEqual([2411, 2405, 2013]);
    expect(nvml.u32('cudaComputeCapability', gpu)).toBe(12);
    expect(nvml.more(1)).toBe(1);
    expect(nvml.u32('addressingMode', gpu)).toBe(2);
  });
});

testWith(NEEDS, 'every member of a struct has its own value, and so has every GPU', () => {
  withFake('h200x8', (nvml) => {
    for (let index = 0; index < 8; index++) {
      const gpu = nvml.handle(index);
      const memory = { total: 0, reserved: 0, free: 0, used: 0 };
      nvml.readings.memory(gpu, memory);
      const used = (132_000 + 100 * index) * MIB;
      const free = (11_157 - 100 * index) * MIB;
      expect(memory).toEqual({ total: 143_771 * MIB, reserved: 614 * MIB, free, used });
      expect(nvml.u32('index', gpu)).toBe(index);
      expect(nvml.u32('marginTemperature', gpu)).toBe(33 - index);
      expect(nvml.u64('totalEccErrors', gpu, 0, 1)).toBe(1013 + index);
      expect(nvml.u64('memoryErrorCounter', gpu, 0, 0, 2)).toBe(7 + index);
      expect(nvml.u64('nvLinkErrorCounter', gpu, 17, 2)).toBe(317);
    }
    const sram = { aggregateParity: 0, volatileCorrected: 0, l2: 0, sm: 0, pcie: 0, other: 0 };
    nvml.health.sramErrors(nvml.handle(0), sram as Parameters<typeof nvml.health.sramErrors>[1]);
    expect(sram).toMatchObject({ aggregateParity: 31, volatileCorrected: 36, l2: 37, sm: 38 });
    expect(sram).toMatchObject({ pcie: 39, other: 41, thresholdExceeded: 0 });
    const fabric = { cluster: '', status: 9, clique: 9, state: 9, healthMask: 9, healthSummary: 9 };
    nvml.health.fabric(nvml.handle(3), fabric);
    expect(fabric).toMatchObject({ cluster: '6f0d1c92a7b84e3f95d2c41a8e7b3056', clique: 7 });
    expect(fabric).toMatchObject({ state: 3, healthMask: 2, healthSummary: Number.NaN });
  });
});

testWith(NEEDS, 'field values have a type, a scope and a return code each', () => {
  withFake('h200x8', (nvml, fake) => {
    const batch = new FieldBatch([
      82,
      83,
      [138, 0],
      [138, 17],
      [138, 2 ** 32 - 1],
      194,
      [186, 1],
      290,
    ]);
    expect(nvml.fields.read(nvml.handle(1), batch)).toBe(RETURN.success);
    const link = 10_100_000_000;
    const energy = 7_001_000_000_000;
    expect([...batch.value]).toEqual([
      62,
      energy,
      link,
      link + 17_000_000,
      181_953_000_000,
      -2,
      703_000,
      Number.NaN,
    ]);
    expect([...batch.rc]).toEqual([0, 0, 0, 0, 0, 0, 0, RETURN.notSupported]);
    fake.set('system', 'FieldMax', 194);
    fake.set('gpu 1', 'FieldValue.82', 'f64 62.5');
    nvml.fields.read(nvml.handle(1), batch);
    expect([batch.value[0], batch.rc[5]]).toEqual([62.5, RETURN.invalidArgument]);
  });
});

testWith(NEEDS, 'growing counters follow the clock, or stand where the test says', () => {
  withFake('gb10', (nvml, fake) => {
    const energy = (): number => nvml.u64('totalEnergyConsumption', nvml.handle(0));
    expect(energy()).toBe(812_345_678);
    fake.set('system', 'elapsed', 10);
    expect(energy()).toBe(812_345_678 + 461_200);
    fake.unset('system', 'elapsed');
    fake.set('system', 'epoch', Date.now() / 1000 - 100);
    const before = energy();
    expect(Math.abs(before - 812_345_678 - 4_612_000)).toBeLessThan(46_120 * 60);
    while (energy() === before) Bun.sleepSync(1);
    expect(energy()).toBeGreaterThan(before);
  });
});

testWith(NEEDS, 'what a test sets is answered by the next call', () => {
  withFake('h200x8', (nvml, fake) => {
    const gpu = nvml.handle(5);
    for (let power = 1; power <= 100; power++) {
      fake.set('gpu 5', 'PowerUsage', power);
      expect(nvml.u32('powerUsage', gpu)).toBe(power);
    }
    fake.set('gpu 5', 'PowerUsage', 'RESET_REQUIRED');
    expect([nvml.u32('powerUsage', gpu), nvml.rc]).toEqual([Number.NaN, RETURN.resetRequired]);
    fake.unset('gpu 5', 'PowerUsage');
    expect(nvml.u32('powerUsage', gpu)).toBe(617_000);
    fake.set('gpu 5', 'PowerUsage', '700 +1KiB +2*gpu');
    expect(nvml.u32('powerUsage', gpu)).toBe(700 + 1024 + 10);
  });
});

testWith(
  NEEDS,
  'a GPU that is taken out shifts the indexes, and is there again when it is put back',
  () => {
    withFake('h200x8', (nvml, fake) => {
      const uuids = (): (string | undefined)[] =>
        Array.from({ length: nvml.deviceCount() }, (_, i) => nvml.text('uuid', nvml.handle(i)));
      const whole = uuids();
      const kept = nvml.handle(2);
      fake.remove('gpu 2');
      expect(uuids()).toEqual(whole.toSpliced(2, 1));
      expect(nvml.u32('index', nvml.handleByUuid(whole[3] as string))).toBe(2);
      expect([nvml.u32('powerUsage', kept), nvml.rc]).toEqual([Number.NaN, RETURN.invalidArgument]);
      expect([nvml.handleByUuid(whole[2] as string), nvml.rc]).toEqual([0, RETURN.notFound]);
      fake.unset('gpu 2', 'absent');
      expect(uuids()).toEqual(whole);
    });
  },
);

testWith(NEEDS, 'a GPU that is lost after some calls answers nothing else any more', () => {
  withFake('lost', (nvml) => {
    const gpus = [0, 1, 2].map((index) => nvml.handle(index));
    const power = (gpu: number): [number, number] => [
      nvml.u32('powerUsage', gpus[gpu] as number),
      nvml.rc,
    ];
    for (let call = 0; call < 400; call++) expect(power(1)).toEqual([251_000, 0]);
    expect(power(1)).toEqual([Number.NaN, RETURN.gpuIsLost]);
    expect([nvml.handle(1), nvml.rc, nvml.deviceCount()]).toEqual([0, RETURN.gpuIsLost, 3]);
    expect([nvml.text('name', gpus[1] as number), nvml.rc]).toEqual([undefined, RETURN.gpuIsLost]);
    for (let call = 0; call < 800; call++) expect(power(2)).toEqual([252_000, 0]);
    expect(power(2)).toEqual([Number.NaN, RETURN.resetRequired]);
    expect(power(0)).toEqual([250_000, 0]);
  });
});

testWith(NEEDS, 'a GPU of which all is unsupported still has a handle', () => {
  withFake('unsupported', (nvml) => {
    for (const call of Object.keys(CALLS) as Call[]) {
      if (CALLS[call].kind === 'text') nvml.text(call as 'name', nvml.handle(1));
      else nvml.u64(call as 'totalEnergyConsumption', nvml.handle(1));
      // The struct's version, which that call does not fill in, is looked at first.
      const versioned = 'version' in CALLS[call];
      expect([call, versioned || nvml.rc === RETURN.notSupported]).toEqual([call, true]);
    }
    expect(nvml.text('name', nvml.handle(0))).toBe('NVIDIA Unsupported');
  });
});

testWith(
  NEEDS,
  'a driver that writes nothing, and one that writes sentinels, are told apart from values',
  () => {
    withFake('unwritten', (nvml) => {
      expect([nvml.u32('powerUsage', nvml.handle(0)), nvml.rc]).toEqual([2 ** 32 - 1, 0]);
      expect(nvml.u32('clockInfo', nvml.handle(0), 1)).toBe(2310);
    });
    withFake('sentinels', (nvml) => {
      expect(nvml.u32('powerUsage', nvml.handle(0))).toBe(2 ** 32 - 1);
      expect(nvml.u64('totalEccErrors', nvml.handle(0), 1, 1)).toBe(2 ** 64);
      expect(nvml.u64('totalEnergyConsumption', nvml.handle(0))).toBe(Number(0x7ffffffffffffff0n));
    });
  },
);

testWith(NEEDS, 'spent() counts calls and the time that they took in the library', () => {
  withFake('slow', (nvml, fake) => {
    const before = fake.spent();
    nvml.u32('powerUsage', nvml.handle(0));
    const { nanoseconds, calls } = fake.spent();
    expect(calls - before.calls).toBe(2);
    expect(nanoseconds - before.nanoseconds).toBeGreaterThan(20e6);
  });
});
