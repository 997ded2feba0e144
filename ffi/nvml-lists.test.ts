/** What NVML fills row by row, read from a stub: processes, samples, fields, GPM, events, pages. */
import { describe, expect } from 'bun:test';
import { openStub, type StubVariant } from '../test/abi/nvml-stub.ts';
import { type Found, testWith } from '../test/parts.ts';
import {
  FieldBatch,
  GpmBatch,
  type Nvml,
  PageList,
  ProcessList,
  ProcessUtilization,
  RETURN,
  SampleList,
  U32_ALL_ONES,
  U64_ALL_ONES,
} from './nvml.ts';

const BIG = 2 ** 32;

const opened = new Map<StubVariant, Nvml>();
function stub({ cc, nvmlHeader }: Found<'cc' | 'nvmlHeader'>, variant: StubVariant): Nvml {
  const nvml = opened.get(variant) ?? openStub(cc, nvmlHeader, variant);
  opened.set(variant, nvml);
  return nvml;
}

/** A test over the stub of one driver. */
function stubTest(
  name: string,
  variant: StubVariant,
  body: (nvml: Nvml, first: number, second: number) => void,
): void {
  testWith(['cc', 'nvmlHeader'], name, (found) => {
    const nvml = stub(found, variant);
    body(nvml, nvml.handle(0), nvml.handle(1));
  });
}

/** The rows of columns. */
function rows(list: { readonly length: number }, ...columns: readonly ArrayLike<number>[]) {
  return Array.from({ length: list.length }, (_, i) => columns.map((column) => column[i]));
}
const processes = (list: ProcessList) =>
  rows(list, list.pid, list.memory, list.gpuInstance, list.computeInstance, list.protectedMemory);

describe('processes.list()', () => {
  stubTest('reads records of 24 bytes from _v3', 'NEW', (nvml, first) => {
    const list = new ProcessList();
    expect(nvml.processes.recordBytes('compute')).toBe(24);
    expect(nvml.processes.list('compute', first, list)).toBe(RETURN.success);
    expect(processes(list)).toEqual([
      [100, BIG, 7, 0, Number.NaN],
      [101, U64_ALL_ONES, 7, 1, Number.NaN],
    ]);
  });

  stubTest('reads records of 24 bytes from _v2', 'OLD', (nvml, first) => {
    const list = new ProcessList();
    expect(nvml.processes.list('compute', first, list)).toBe(RETURN.success);
    expect(processes(list)[1]).toEqual([101, U64_ALL_ONES, 7, 1, Number.NaN]);
  });

  stubTest('reads records of 32 bytes from _v3 of drivers about 535.54', 'TRAP', (nvml, first) => {
    const list = new ProcessList();
    expect(nvml.processes.recordBytes('compute')).toBe(32);
    expect(nvml.processes.list('compute', first, list)).toBe(RETURN.success);
    expect(processes(list)[1]).toEqual([101, U64_ALL_ONES, 7, 1, 3 * BIG]);
  });

  stubTest('reads records of 16 bytes from the oldest function', 'NEW', (nvml, first) => {
    const list = new ProcessList();
    expect(nvml.processes.recordBytes('mps')).toBe(16);
    expect(nvml.processes.list('mps', first, list)).toBe(RETURN.success);
    expect(processes(list)).toEqual([
      [100, BIG, U32_ALL_ONES, U32_ALL_ONES, Number.NaN],
      [101, U64_ALL_ONES, U32_ALL_ONES, U32_ALL_ONES, Number.NaN],
    ]);
  });

  stubTest('makes room when there are more processes than expected', 'NEW', (nvml, _, second) => {
    const list = new ProcessList();
    expect(nvml.processes.list('compute', second, list)).toBe(RETURN.success);
    expect(list.length).toBe(5000);
    expect(processes(list)[4999]).toEqual([5099, BIG + 4999, 7, 4999, Number.NaN]);
  });

  stubTest('does not believe a length that cannot be', 'NEW', (nvml, first, second) => {
    const list = new ProcessList();
    expect(nvml.processes.list('graphics', first, list)).toBe(RETURN.unknown);
    expect(nvml.processes.list('graphics', second, list)).toBe(RETURN.insufficientSize);
    expect(list.length).toBe(0);
  });
});

stubTest('processes.details() reads protected memory too', 'NEW', (nvml, first, second) => {
  const list = new ProcessList();
  expect(nvml.processes.details('graphics', first, list)).toBe(RETURN.success);
  expect(processes(list)[1]).toEqual([201, BIG, 1, 1, 2 * BIG]);
  expect(nvml.processes.details('compute', second, list)).toBe(RETURN.success);
  expect(list.length).toBe(5000);
});

describe('processes.utilization()', () => {
  const since = 1_763_000_000_000_001;
  const columns = (u: ProcessUtilization) =>
    rows(u, u.pid, u.timestamp, u.sm, u.memory, u.encoder, u.decoder, u.jpeg, u.ofa);

  stubTest('reads the newer records, which tell of JPEG and OFA', 'NEW', (nvml, first, second) => {
    const list = new ProcessUtilization();
    expect(nvml.processes.utilization(first, since, list)).toBe(RETURN.success);
    expect(columns(list)[1]).toEqual([301, since + 1, 1, 2, 3, 4, 5, 6]);
    expect(nvml.processes.utilization(second, since, list)).toBe(RETURN.success);
    expect(columns(list)[4999]).toEqual([5299, since + 4999, 1, 2, 3, 4, 5, 6]);
  });

  stubTest('reads the older records where there are no others', 'OLD', (nvml, first, second) => {
    const list = new ProcessUtilization();
    expect(nvml.processes.utilization(first, since, list)).toBe(RETURN.success);
    const row = [401, since + 1, 1, 2, 3, 4, U32_ALL_ONES, U32_ALL_ONES];
    expect(columns(list)[1]).toEqual(row);
    expect(nvml.processes.utilization(second, since, list)).toBe(RETURN.success);
    expect(list.length).toBe(5000);
  });
});

stubTest('fields.samples() reads values of the type that it is told', 'NEW', (nvml, first) => {
  const list = new SampleList();
  const since = 1_763_000_000_000_001;
  expect(nvml.fields.samples(first, 1, since, list)).toBe(RETURN.success);
  expect(rows(list, list.timestamp, list.value)).toEqual([
    [since + 1, 10],
    [since + 2, 11],
    [since + 3, 12],
  ]);
  expect(nvml.fields.samples(first, 7, 0, list)).toBe(RETURN.success);
  expect(list.value[2]).toBe(2.5);
  expect(nvml.fields.samples(first, 6, 0, list)).toBe(RETURN.notFound);
});

describe('fields.read()', () => {
  stubTest('reads each type, and what failed alone', 'NEW', (nvml, first) => {
    const batch = new FieldBatch([0, [1, 17], 2, 3, 4, 5, 6, 60, 61, 62]);
    expect(nvml.fields.read(first, batch)).toBe(RETURN.success);
    const { NaN: absent } = Number;
    const whole = [4_000_000_017, BIG + 2, U64_ALL_ONES, -5, -6, 7];
    expect([...batch.value]).toEqual([1.25, ...whole, absent, absent, absent]);
    expect([...batch.rc]).toEqual([0, 0, 0, 0, 0, 0, 0, RETURN.notSupported, U32_ALL_ONES, 0]);
  });

  stubTest('forgets all values when the call fails', 'NEW', (nvml, first, second) => {
    const batch = new FieldBatch([0, 1]);
    nvml.fields.read(first, batch);
    expect(nvml.fields.read(second, batch)).toBe(RETURN.gpuIsLost);
    expect([...batch.value]).toEqual([Number.NaN, Number.NaN]);
    expect([...batch.rc]).toEqual([RETURN.gpuIsLost, RETURN.gpuIsLost]);
  });

  stubTest('takes a batch longer than the memory for lists', 'NEW', (nvml, first) => {
    const batch = new FieldBatch(Array.from({ length: 2000 }, (_, i) => [1, i] as const));
    expect(nvml.fields.read(first, batch)).toBe(RETURN.success);
    expect(batch.value[1999]).toBe(4_000_001_999);
  });
});

stubTest('gpm reads metrics between samples of a GPU and an instance', 'NEW', (nvml, first) => {
  const { gpm } = nvml;
  const [older, newer] = [gpm.alloc(), gpm.alloc()];
  expect(gpm.alloc()).toBe(0);
  expect(nvml.rc).toBe(RETURN.memory);
  expect(gpm.sample(first, older)).toBe(RETURN.success);
  expect(gpm.migSample(first, 5, newer)).toBe(RETURN.success);
  const id = (metric: number) => metric + 10 / 64 + 25 / 4096;
  const batch = new GpmBatch([1, 9, 97]);
  expect(gpm.metrics(older, newer, batch)).toBe(RETURN.success);
  expect([...batch.value]).toEqual([id(1), Number.NaN, id(97)]);
  expect([...batch.rc]).toEqual([0, RETURN.notSupported, 0]);
  expect([gpm.free(older), gpm.free(newer)]).toEqual([0, 0]);
});

describe('events', () => {
  stubTest('wait() hands over what happened to whom', 'NEW', (nvml, _, second) => {
    const { events } = nvml;
    const set = events.create();
    expect(events.wait(set, 5)).toBeUndefined();
    expect(nvml.rc).toBe(RETURN.timeout);
    expect(events.register(second, 0x8 + BIG, set)).toBe(RETURN.success);
    expect(events.wait(set, 1000)).toEqual({
      device: second,
      type: 0x8 + BIG,
      data: BIG + 79,
      gpuInstance: 3,
      computeInstance: 4,
    });
    expect(events.free(set)).toBe(RETURN.success);
  });

  stubTest('wait() knows no instances with an old driver', 'OLD', (nvml, first) => {
    const set = nvml.events.create();
    nvml.events.register(first, 8, set);
    expect(nvml.events.wait(set, 1000)).toEqual({
      device: first,
      type: 8,
      data: BIG + 79,
      gpuInstance: U32_ALL_ONES,
      computeInstance: U32_ALL_ONES,
    });
  });
});

describe('health.retiredPages()', () => {
  stubTest('makes room, and reads addresses and times', 'NEW', (nvml, first) => {
    const list = new PageList();
    expect(nvml.health.retiredPages(first, 0, list)).toBe(RETURN.success);
    expect(rows(list, list.address, list.timestamp)[1499]).toEqual([BIG + 1499, 2 * BIG + 1499]);
  });

  stubTest('has no times from an old driver', 'OLD', (nvml, first) => {
    const list = new PageList();
    expect(nvml.health.retiredPages(first, 0, list)).toBe(RETURN.success);
    expect(rows(list, list.address, list.timestamp)[1499]).toEqual([BIG + 1499, Number.NaN]);
  });
});
