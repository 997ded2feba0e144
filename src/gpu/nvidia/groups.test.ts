import { describe, expect, spyOn, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { ROOT, testWith } from '../../../test/parts.ts';
import { GPU_GROUP_NAMES, GPU_GROUPS, type GpuGroup } from '../../catalog/gpu/groups.ts';
import { CATALOG } from '../../catalog/index.ts';
import type { Group } from './group.ts';
import { nvidiaGroups } from './groups.ts';
import { Machine } from './machine.fixture.ts';
import { NEEDS } from './reading.fixture.ts';

const groups = (on: (name: Group['name']) => boolean): Group[] =>
  nvidiaGroups({
    paths: { procfs: '/nonexistent', rootfs: '/nonexistent' },
    perProcess: { top: 32, user: false },
    holders: false,
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

/** Rows of AMD alone. */
const AMD: ReadonlySet<string> = new Set(
  [
    'bad_pages clock_event_residency_samples_total clock_event_samples_total',
    'fabric_clock_hz fabric_clock_max_hz fabric_clock_min_hz soc_clock_hz soc_clock_max_hz soc_clock_min_hz',
    'graphics_clock_min_hz memory_clock_min_hz gtt_memory_total_bytes gtt_memory_used_bytes',
    'visible_memory_total_bytes visible_memory_used_bytes media_utilization_ratio partition_info',
    'pcie_link_transfers_per_second pcie_link_transfers_per_second_max process_compute_units voltage_volts',
    'xgmi_error_state xgmi_link_up xgmi_link_width xgmi_link_transfers_per_second',
    'xgmi_link_transmit_bytes_total xgmi_link_receive_bytes_total',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `gpu_${name}`),
);

/** Of a B200 with Grace, a GPU that encodes, and one that computes in confidence: what no scenario has. */
const MORE = {
  'FieldValue.170': 'u32 1',
  'FieldValue.171.0': 'u32 1',
  'FieldValue.172.0': 'u32 44712',
  'FieldValue.231.0': 'u32 0',
  'FieldValue.201.0': 'u64 1',
  'FieldValue.203.0': 'u64 1',
  'FieldValue.220.0': 'u64 0',
  'FieldValue.235.0': 'u64 1',
  'ConfComputeProtectedMemoryUsage.total': '2000MiB',
  'ConfComputeProtectedMemoryUsage.used': '1MiB',
} as const;

testWith(
  NEEDS,
  'every signal of the catalog is read of some GPU, but those of AMD and of events',
  () => {
    const found = new Set<string>();
    const clock = spyOn(performance, 'now');
    for (const scenario of ['h200x8', 'h100-mig', 'rtx4090', 'gb10', 'driver470']) {
      using machine = new Machine(scenario, {
        groups: all,
        set: scenario === 'h200x8' ? { 'gpu 0': MORE } : {},
      });
      // What is computed from two samples a second apart needs the time.
      clock.mockReturnValue(0);
      machine.poll();
      clock.mockReturnValue(1000);
      for (const line of machine.poll()) found.add(`gpu_${line.replace(/[{ ].*/, '')}`);
    }
    clock.mockRestore();
    const wanted = CATALOG.filter(({ collector }) => collector === 'gpu').flatMap(
      ({ dialects }) => dialects.native?.name ?? [],
    );
    const lacking = new Set(wanted.filter((name) => !found.has(name) && !AMD.has(name)));
    expect([...lacking]).toEqual(['gpu_xid_errors_total', 'gpu_xid_last_timestamp_seconds']);
  },
);

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
