import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { ROOT, testWith } from '../../../test/parts.ts';
import { GPU_GROUP_NAMES, GPU_GROUPS, type GpuGroup } from '../../catalog/gpu/groups.ts';
import type { Group } from './group.ts';
import { nvidiaGroups } from './groups.ts';
import { Machine } from './machine.fixture.ts';
import { NEEDS } from './reading.fixture.ts';

const groups = (on: (name: Group['name']) => boolean): Group[] =>
  nvidiaGroups({
    paths: { procfs: '/nonexistent', rootfs: '/nonexistent' },
    perProcess: { top: 32, user: false },
    on,
  });
const all = groups(() => true);
const usual = groups((name) => name !== 'per_process' && GPU_GROUPS[name].enabled);

test('every switch of GPUs has a group, but those of AMD and of events', () => {
  const names = new Set(all.map((group) => group.name));
  const without = GPU_GROUP_NAMES.filter((name) => !names.has(name));
  expect(without).toEqual(['xid', 'xgmi'] satisfies GpuGroup[]);
});

test('a group that is switched off is not there', () => {
  expect(groups((name) => name !== 'power').map((group) => group.name)).not.toContain('power');
});

const names = readdirSync(`${ROOT}/test/fakes/nvml/scenarios`).map((file) =>
  file.replace('.scenario', ''),
);
/** Those in which this process would hang or end. */
const deadly = /^(hang|abort|segfault|slow)/;
const survivable = names.filter((name) => !deadly.test(name));

describe.each(survivable)('scenario %s', (name) => {
  testWith(NEEDS, 'gives at most 100 series per GPU by default', () => {
    using machine = new Machine(name, { groups: usual });
    machine.poll();
    const perGpu = new Map<string, number>();
    for (const line of machine.poll()) {
      const uuid = /uuid="([^"]*)"/.exec(line)?.[1];
      // An instance has series in place of those of its GPU, not of its own account.
      if (uuid === undefined || line.includes('gpu_instance_id')) continue;
      perGpu.set(uuid, (perGpu.get(uuid) ?? 0) + 1);
    }
    for (const [uuid, n] of perGpu) expect([uuid, n <= 100]).toEqual([uuid, true]);
  });

  testWith(NEEDS, 'gives no number that cannot be', () => {
    using machine = new Machine(name, { groups: all });
    for (let poll = 0; poll < 3; poll++) {
      for (const line of machine.poll()) {
        const value = Number(line.slice(line.lastIndexOf(' ') + 1));
        expect([line, Number.isFinite(value) && value < 2 ** 63 - 1024]).toEqual([line, true]);
        expect([line, value === 2 ** 32 - 1]).toEqual([line, false]);
      }
    }
  });
});

testWith(NEEDS, 'of a GPU that answers sentinels nothing is known but that it is there', () => {
  using machine = new Machine('sentinels', { groups: all });
  machine.poll();
  const names = machine.poll().map((line) => line.replace(/[{ ].*/, ''));
  expect(new Set(names)).toEqual(
    new Set([
      'devices',
      'driver_info',
      'info',
      'lost',
      'memory_unified',
      'processes',
      'processes_memory_bytes',
      // -1 degree is one that a margin may have.
      'temperature_margin_celsius',
    ]),
  );
});

testWith(NEEDS, 'of a driver that answers success and writes nothing no number is invented', () => {
  using machine = new Machine('unwritten', { groups: all });
  machine.poll();
  const told = machine.poll().filter((line) => !/ [01]$/.test(line));
  // The scenario says so.
  const lines = ['frequency_mhz 2310', 'sm_clock_hz 2310000000', 'temperature_celsius 55'];
  expect(told.map((line) => line.replace(/\{.*\}/, '')).sort()).toEqual(lines);
});
