import { describe, expect, test } from 'bun:test';
import { openStub, type StubVariant } from '../test/abi/nvml-stub.ts';
import { type Found, testWith } from '../test/parts.ts';
import {
  errorString,
  type Fabric,
  type Memory,
  Nvml,
  openNvml,
  RETURN,
  U32_ALL_ONES,
  U64_ALL_ONES,
} from './nvml.ts';

const BIG = 2 ** 32;

const opened = new Map<StubVariant, Nvml>();
/** The stub of a variant, built once. */
function stub({ cc, nvmlHeader }: Found<'cc' | 'nvmlHeader'>, variant: StubVariant = 'NEW'): Nvml {
  const nvml = opened.get(variant) ?? openStub(cc, nvmlHeader, variant);
  opened.set(variant, nvml);
  return nvml;
}

/** A test over the stub of a driver of today. */
function stubTest(name: string, body: (nvml: Nvml, first: number, second: number) => void): void {
  testWith(['cc', 'nvmlHeader'], name, (found) => {
    const nvml = stub(found);
    body(nvml, nvml.handle(0), nvml.handle(1));
  });
}

describe('openNvml()', () => {
  testWith(['nvmlLibrary'], 'opens the real library, which finds no driver', ({ nvmlLibrary }) => {
    const nvml = openNvml(nvmlLibrary);
    if (!(nvml instanceof Nvml)) throw new Error(nvml.error);
    expect(nvml.path).toBe(nvmlLibrary);
    expect(nvml.nvmlVersion()).toStartWith('12.550.');
    expect(nvml.has('powerUsage')).toBe(true);
    expect(nvml.has('addressingMode')).toBe(false);
    expect(nvml.processes.recordBytes('compute')).toBe(24);
    expect(nvml.init()).toBe(RETURN.driverNotLoaded);
    expect(nvml.deviceCount()).toBeNaN();
    expect(nvml.rc).toBe(RETURN.uninitialized);
  });

  test('says which library is missing', () => {
    expect(openNvml('/nowhere/libnvidia-ml.so.1')).toEqual({
      error: expect.stringMatching(/^\/nowhere\/libnvidia-ml\.so\.1: .*No such file/),
    });
  });
});

describe('system and handles', () => {
  stubTest('versions, count and handles are read', (nvml, first, second) => {
    expect(nvml.init()).toBe(RETURN.success);
    expect(nvml.driverVersion()).toBe('570.86.10');
    expect(nvml.nvmlVersion()).toBe('12.570.86.10');
    expect(nvml.cudaVersion()).toBe(12080);
    expect(nvml.deviceCount()).toBe(2);
    expect(second - first).toBe(0x40);
    expect(first).toBeGreaterThan(BIG);
    expect(nvml.handle(2)).toBe(0);
    expect(nvml.rc).toBe(RETURN.invalidArgument);
    expect(nvml.handleByUuid('GPU-11111111-2222-3333-4444-555555555555')).toBe(second);
    expect(nvml.handleByUuid('GPU-1')).toBe(0);
    expect(nvml.shutdown()).toBe(RETURN.success);
  });

  stubTest('MIG devices are reached and lead back to their GPU', (nvml, _, second) => {
    const mig = nvml.migHandle(second, 2);
    expect(mig).toBe(second + 10);
    expect(nvml.migHandle(second, 1)).toBe(0);
    expect(nvml.rc).toBe(RETURN.notFound);
    expect(nvml.parentHandle(mig)).toBe(second);
  });
});

describe('calls of the table', () => {
  stubTest('u32() reads numbers, more() those after the first', (nvml, first, second) => {
    expect(nvml.u32('index', second)).toBe(1);
    expect(nvml.u32('powerUsage', second)).toBe(4_000_000_001);
    expect(nvml.u32('clockInfo', first, 2)).toBe(1002);
    expect(nvml.u32('clock', first, 3, 1)).toBe(1031);
    expect(nvml.u32('remappedRows', first)).toBe(11);
    expect([nvml.more(1), nvml.more(2), nvml.more(3)]).toEqual([12, 1, 0]);
  });

  stubTest('u32() reads an int with its sign, and a struct with its version', (nvml, first) => {
    expect([nvml.u32('cudaComputeCapability', first), nvml.more(1)]).toEqual([12, -1]);
    expect(nvml.u32('marginTemperature', first)).toBe(-7);
    expect(nvml.u32('gpmSupport', first)).toBe(1);
  });

  stubTest('u32() is NaN when the call fails or is not there', (nvml, first) => {
    expect(nvml.u32('powerManagementLimit', first)).toBeNaN();
    expect(nvml.rc).toBe(RETURN.notSupported);
    expect(nvml.more(1)).toBeNaN();
    expect(nvml.u32('pcieSpeed', first)).toBeNaN();
    expect(nvml.rc).toBe(RETURN.functionNotFound);
  });

  stubTest('u32() is all-ones when the driver wrote nothing', (nvml, first) => {
    nvml.u32('powerUsage', first);
    expect(nvml.u32('enforcedPowerLimit', first)).toBe(U32_ALL_ONES);
    expect(nvml.rc).toBe(RETURN.success);
  });

  stubTest('u64() reads 53 bits exactly, and all-ones as U64_ALL_ONES', (nvml, first) => {
    expect(nvml.u64('totalEnergyConsumption', first)).toBe(Number.MAX_SAFE_INTEGER);
    expect(nvml.u64('memoryErrorCounter', first, 1, 1, 7)).toBe(BIG + 117);
    expect(nvml.u64('totalEccErrors', first, 0, 1)).toBe(U64_ALL_ONES);
    expect(nvml.u64('nvLinkErrorCounter', first, 0, 1)).toBeNaN();
  });

  stubTest('an older name serves where the newer is missing', (nvml, first) => {
    expect(nvml.has('nvmlDeviceGetCurrentClocksEventReasons')).toBe(false);
    expect(nvml.has('currentClocksEventReasons')).toBe(true);
    expect(nvml.u64('currentClocksEventReasons', first)).toBe(0x104);
    expect(nvml.has('supportedClocksEventReasons')).toBe(false);
  });

  stubTest('text() reads texts, also empty, endless and failed ones', (nvml, first, second) => {
    expect(nvml.text('name', first)).toBe('NVIDIA é');
    expect(nvml.text('name', second)).toBe('NVIDIA GB10');
    expect(nvml.text('inforomVersion', first, 1)).toBe('6.16');
    expect(nvml.text('gspFirmwareVersion', first)).toBe('570.86.10');
    expect(nvml.text('serial', first)).toBe('');
    expect(nvml.text('vbiosVersion', first)).toBeUndefined();
    expect(nvml.text('uuid', first)).toBeUndefined();
    expect(nvml.rc).toBe(RETURN.gpuIsLost);
  });
});

describe('readings', () => {
  const memory = (): Memory => ({ total: 0, reserved: 0, free: 0, used: 0 });

  stubTest('memory() reads version 2, and version 1 where there is no other', (nvml, a, b) => {
    const out = memory();
    expect(nvml.readings.memory(a, out)).toBe(RETURN.success);
    expect(out).toEqual({ total: 80 * BIG, reserved: BIG + 1, free: 2 * BIG, used: 3 * BIG });
    expect(nvml.readings.memory(b, out)).toBe(RETURN.success);
    expect(out).toEqual({ total: 7 * BIG, reserved: Number.NaN, free: 6 * BIG, used: BIG });
  });

  stubTest('bar1() and utilization() are read', (nvml, first) => {
    const bar1 = { total: 0, free: 0, used: 0 };
    expect(nvml.readings.bar1(first, bar1)).toBe(RETURN.success);
    expect(bar1).toEqual({ total: 3 * BIG, free: 2 * BIG, used: BIG });
    const utilization = { gpu: 0, memory: 0 };
    expect(nvml.readings.utilization(first, utilization)).toBe(RETURN.success);
    expect(utilization).toEqual({ gpu: 97, memory: 31 });
  });

  stubTest('what is to be filled stays as it was when the call fails', (nvml, _, second) => {
    const utilization = { gpu: -1, memory: -1 };
    expect(nvml.readings.utilization(second, utilization)).toBe(RETURN.notSupported);
    expect(utilization).toEqual({ gpu: -1, memory: -1 });
  });

  stubTest('pci() and nvLinkRemotePci() are read', (nvml, first) => {
    const out = { domain: 0, bus: 0, device: 0, id: 0, subsystemId: 0, busId: '' };
    const busId = '0000000F:01:00.0';
    const read = { domain: 15, device: 3, id: 0x2e12_10de, subsystemId: 0xf000_0010, busId };
    expect(nvml.readings.pci(first, out)).toBe(RETURN.success);
    expect(out).toEqual({ ...read, bus: 1 });
    expect(nvml.readings.nvLinkRemotePci(first, 9, out)).toBe(RETURN.success);
    expect(out).toEqual({ ...read, bus: 9 });
  });

  stubTest('temperature(), fanSpeed() and fanRpm() are read', (nvml, first) => {
    expect(nvml.readings.temperature(first, 2)).toBe(-5);
    expect(nvml.readings.fanSpeed(first, 1)).toBe(51);
    expect(nvml.readings.fanRpm(first, 1)).toBe(3001);
  });

  testWith(['cc', 'nvmlHeader'], 'temperature() and fanSpeed() do with an old driver', (found) => {
    const nvml = stub(found, 'OLD');
    const device = nvml.handle(0);
    expect(nvml.readings.temperature(device)).toBe(40);
    expect(nvml.readings.fanSpeed(device, 0)).toBe(33);
    expect(nvml.readings.fanSpeed(device, 1)).toBeNaN();
    expect(nvml.readings.fanRpm(device, 0)).toBeNaN();
    expect(nvml.rc).toBe(RETURN.functionNotFound);
  });

  stubTest('attributes() are read', (nvml, first) => {
    const out = {
      multiprocessors: 0,
      copyEngines: 0,
      decoders: 0,
      encoders: 0,
      jpegs: 0,
      ofas: 0,
      gpuInstanceSlices: 0,
      computeInstanceSlices: 0,
      memory: 0,
    };
    expect(nvml.readings.attributes(first, out)).toBe(RETURN.success);
    expect(Object.values(out)).toEqual([16, 1, 2, 3, 4, 5, 6, 7, BIG + 8]);
  });
});

describe('health', () => {
  stubTest('violation() and eccCounts() are read', (nvml, first) => {
    const violation = { reference: 0, time: 0 };
    expect(nvml.health.violation(first, 5, violation)).toBe(RETURN.success);
    expect(violation).toEqual({ reference: BIG + 1, time: BIG + 15 });
    const counts = { l1: 0, l2: 0, memory: 0, registers: 0 };
    expect(nvml.health.eccCounts(first, 1, 1, counts)).toBe(RETURN.success);
    expect(counts).toEqual({ l1: BIG + 1, l2: BIG + 2, memory: BIG + 11, registers: BIG + 4 });
  });

  stubTest('sramErrors() and rowHistogram() are read', (nvml, first) => {
    const errors = {
      aggregateParity: 0,
      aggregateSecDed: 0,
      aggregateCorrected: 0,
      volatileParity: 0,
      volatileSecDed: 0,
      volatileCorrected: 0,
      l2: 0,
      sm: 0,
      pcie: 0,
      microcontroller: 0,
      other: 0,
      thresholdExceeded: 0,
    };
    expect(nvml.health.sramErrors(first, errors)).toBe(RETURN.success);
    expect(Object.values(errors)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, BIG, 1]);
    const rows = { max: 0, high: 0, partial: 0, low: 0, none: 0 };
    expect(nvml.health.rowHistogram(first, rows)).toBe(RETURN.success);
    expect(rows).toEqual({ max: 640, high: 1, partial: 2, low: 3, none: 4 });
  });

  testWith(['cc', 'nvmlHeader'], 'fabric() reads each version of its struct', (found) => {
    const uuid = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
    const read = (variant: StubVariant, index: number): Fabric => {
      const nvml = stub(found, variant);
      const out = { cluster: '', status: 0, clique: 0, state: 0, healthMask: 0, healthSummary: 0 };
      expect(nvml.health.fabric(nvml.handle(index), out)).toBe(RETURN.success);
      return out;
    };
    const common = { cluster: uuid, status: 1, clique: 2, state: 3, healthMask: 0x8000_0005 };
    expect(read('NEW', 0)).toEqual({ ...common, healthSummary: 2 });
    expect(read('NEW', 1)).toEqual({ ...common, healthSummary: Number.NaN });
    expect(read('OLD', 0)).toEqual({
      cluster: '0'.repeat(32),
      status: 0,
      clique: 4,
      state: 2,
      healthMask: Number.NaN,
      healthSummary: Number.NaN,
    });
  });
});

test('errorString() names every code that NVML had in 2025, and others by number', () => {
  for (const rc of Object.values(RETURN)) expect(errorString(rc)).not.toContain(String(rc));
  expect(errorString(RETURN.driverNotLoaded)).toBe('the NVIDIA driver is not loaded');
  expect(errorString(77)).toBe('NVML error 77');
});
