import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testWith } from '../../../test/parts.ts';
import { memory, memoryDetail } from './memory.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

const MIB = 2 ** 20;
const UNIFIED = {
  memory_total_bytes: 127600748 * 1024,
  memory_used_bytes: (127600748 - 118566368) * 1024,
  memory_free_bytes: 118566368 * 1024,
  memory_unified: 1,
};

let procfs: string;
beforeAll(() => {
  procfs = mkdtempSync(join(tmpdir(), 'edgegauge-memory-'));
  const text = 'MemTotal:       127600748 kB\nMemAvailable:   118566368 kB\n';
  writeFileSync(join(procfs, 'meminfo'), text);
});
afterAll(() => rmSync(procfs, { recursive: true }));

testWith(NEEDS, 'memory of a GPU that has its own, reserved beside used', () => {
  using gpu = new Polled('rtx4090', memory(procfs));
  expect(gpu.poll()).toEqual({
    memory_total_bytes: 24564 * MIB,
    memory_used_bytes: 18915 * MIB,
    memory_free_bytes: 5203 * MIB,
    memory_reserved_bytes: 446 * MIB,
    memory_unified: 0,
  });
});

testWith(NEEDS, 'a driver of 470 does not tell what is reserved', () => {
  using gpu = new Polled('driver470', memory(procfs));
  expect(gpu.poll()).toEqual({
    memory_total_bytes: 15109 * MIB,
    memory_used_bytes: 8898 * MIB,
    memory_free_bytes: 6211 * MIB,
    memory_unified: 0,
  });
});

testWith(NEEDS, 'memory of a GB10 is that of the machine', () => {
  using gpu = new Polled('gb10', memory(procfs));
  expect(gpu.poll()).toEqual(UNIFIED);
});

testWith(NEEDS, 'a GB10 whose driver knows its memory is believed', () => {
  using gpu = new Polled('gb10', memory(procfs), {
    set: {
      MemoryInfo: 'SUCCESS',
      'MemoryInfo.total': '120000MiB',
      'MemoryInfo.used': '20000MiB',
      'MemoryInfo.free': '100000MiB',
    },
  });
  expect(gpu.poll()).toMatchObject({
    memory_total_bytes: 120000 * MIB,
    memory_used_bytes: 20000 * MIB,
    memory_free_bytes: 100000 * MIB,
    memory_unified: 1,
  });
});

testWith(NEEDS, 'a GPU with memory of its own never gets the machine’s', () => {
  using silent = new Polled('rtx4090', memory(procfs), { set: { MemoryInfo: 'NOT_SUPPORTED' } });
  expect(silent.poll()).toEqual({});
  using empty = new Polled('rtx4090', memory(procfs), { set: { 'MemoryInfo.total': 0 } });
  expect(empty.poll()).toEqual({ memory_unified: 0 });
});

testWith(NEEDS, 'a GB10 has no memory where /proc/meminfo cannot be read', () => {
  using gpu = new Polled('gb10', memory(join(procfs, 'nowhere')));
  expect(gpu.poll()).toEqual({ memory_unified: 1 });
});

testWith(NEEDS, 'memory_detail reads the window for the CPU', () => {
  using gpu = new Polled('rtx4090', memoryDetail);
  expect(gpu.poll()).toEqual({
    bar1_memory_total_bytes: 32768 * MIB,
    bar1_memory_used_bytes: 19 * MIB,
  });
  using none = new Polled('gb10', memoryDetail);
  expect(none.poll()).toEqual({});
});

testWith(NEEDS, 'memory_detail reads what confidential computing protects, where it does', () => {
  const said = (total: string) => ({
    'ConfComputeProtectedMemoryUsage.total': total,
    'ConfComputeProtectedMemoryUsage.used': '100MiB',
  });
  using gpu = new Polled('h200x8', memoryDetail, { set: said('2000MiB') });
  expect(gpu.poll()).toMatchObject({
    protected_memory_total_bytes: 2000 * MIB,
    protected_memory_used_bytes: 100 * MIB,
  });
  using off = new Polled('h200x8', memoryDetail, { set: said('0') });
  expect(Object.keys(off.poll())).toEqual(['bar1_memory_total_bytes', 'bar1_memory_used_bytes']);
});
