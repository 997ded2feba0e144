import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { amdMachines } from '../../../test/trees/amd.ts';
import { instinct } from '../../../test/trees/amd-cards.ts';
import { metrics16to18, metrics19 } from '../../../test/trees/amd-metrics.ts';
import type { Guard } from '../../board/guard.ts';
import { DIRECTORY, Machine } from './machine.fixture.ts';

const BUSY = { groups: ['utilization'] } as const;
const ONES = new Uint8Array(64).fill(0xff);

/** A guard that refuses some names. */
function refusing(names: Set<string>): Guard {
  return { enter: (name) => !names.has(name), leave() {} };
}

test('a value that changes is seen at the next poll', () => {
  using machine = new Machine('mi300x', BUSY);
  expect(machine.values('utilization_percent')).toEqual({ 0: 97, 1: 96 });
  machine.write(`${DIRECTORY}/gpu_busy_percent`, '3\n');
  expect(machine.values('utilization_percent')).toEqual({ 0: 3, 1: 96 });
});

test('cards are numbered by their addresses, whatever the numbers of their DRM devices', () => {
  using machine = new Machine('mi300x', BUSY);
  const infos = machine.poll('info{');
  expect(infos.map((line) => /device="(\d)".*minor="(\w+)"/.exec(line)?.slice(1))).toEqual([
    ['0', 'card2'],
    ['1', 'card1'],
  ]);
});

test('what moves slowly is asked every tenth time', () => {
  using machine = new Machine('mi300x', { groups: ['pcie'] });
  expect(machine.values('pcie_replays_total')).toEqual({ 0: 4, 1: 5 });
  machine.write(`${DIRECTORY}/pcie_replay_count`, '9\n');
  expect(machine.values('pcie_replays_total')).toEqual({ 0: 4, 1: 5 });
  expect(machine.values('pcie_replays_total', 10)).toEqual({ 0: 9, 1: 5 });
});

test('what appears after the start gets a series of its own', () => {
  const tree = amdMachines.mi300x(new Map());
  tree.set(`sys/${DIRECTORY}/gpu_busy_percent`, '');
  tree.set(`sys/${DIRECTORY}/gpu_metrics`, '');
  using machine = new Machine(tree, BUSY);
  expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
  machine.write(`${DIRECTORY}/gpu_busy_percent`, '12\n');
  // A file that had nothing to say rests for some polls.
  for (let i = 0; i < 12; i++) machine.poll();
  expect(machine.values('utilization_percent')).toEqual({ 0: 12, 1: 96 });
});

describe('a card that sleeps', () => {
  test('is not asked, and is neither lost nor known', () => {
    const tree = amdMachines.mi300x(new Map());
    tree.set(`sys/${DIRECTORY}/power/runtime_status`, 'suspended\n');
    // Reading the configuration of a card would wake it.
    tree.set(`sys/${DIRECTORY}/config`, ONES);
    using machine = new Machine(tree, BUSY);
    expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0 });
    expect(machine.values('info')).toEqual({ 0: 1, 1: 1 });
  });

  test('loses its values when it falls asleep, and has them when it wakes', () => {
    using machine = new Machine('mi300x', { groups: ['pcie'] });
    expect(machine.values('pcie_replays_total')).toEqual({ 0: 4, 1: 5 });
    machine.write(`${DIRECTORY}/power/runtime_status`, 'suspended\n');
    expect(machine.values('pcie_replays_total')).toEqual({ 1: 5 });
    machine.write(`${DIRECTORY}/power/runtime_status`, 'active\n');
    expect(machine.values('pcie_replays_total')).toEqual({ 0: 4, 1: 5 });
  });
});

describe('a card that is gone', () => {
  test('is lost, and keeps its number and those of the others', () => {
    using machine = new Machine('mi300x', BUSY);
    machine.poll();
    machine.remove(DIRECTORY);
    expect(machine.values('lost')).toEqual({ 0: 1, 1: 0 });
    expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
    machine.rediscover();
    expect(machine.values('lost')).toEqual({ 0: 1, 1: 0 });
    expect(machine.poll('devices')).toEqual(['devices{vendor="amd"} 1']);
    expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
  });

  test('from the bus, with all ones in its configuration, is lost until it answers again', () => {
    using machine = new Machine('mi300x', BUSY);
    machine.write(`${DIRECTORY}/config`, new Uint8Array([2, 16, 161, 116]));
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0 });
    machine.write(`${DIRECTORY}/config`, ONES);
    expect(machine.values('lost')).toEqual({ 0: 1, 1: 0 });
    machine.rediscover();
    expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
    machine.write(`${DIRECTORY}/config`, new Uint8Array([2, 16, 161, 116]));
    machine.rediscover();
    expect(machine.values('utilization_percent')).toEqual({ 0: 97, 1: 96 });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0 });
  });

  test('that only a former probe knew is lost, and keeps its number and those of the others', () => {
    const address = '00000000:01:00.0';
    const gone = { uuid: 'AMD-1', index: 0, name: 'AMD Instinct MI300X', address };
    using machine = new Machine('mi300x', { ...BUSY, source: { known: [gone] } });
    machine.poll();
    expect(machine.values('lost')).toEqual({ 0: 1, 1: 0, 2: 0 });
    expect(machine.values('utilization_percent')).toEqual({ 1: 97, 2: 96 });
  });

  test('since it hung a former probe is lost, and nothing of it is touched', () => {
    const refused = new Set(['0000:05:00.0']);
    using machine = new Machine('mi300x', { ...BUSY, guard: refusing(refused) });
    expect(machine.poll('lost')).toEqual([
      'lost{device="0"} 1',
      'lost{device="1",uuid="GPU-a1b2c3d400000a11",name="AMD Instinct MI300X OAM"} 0',
    ]);
    expect(machine.values('utilization_percent')).toEqual({ 1: 96 });
    refused.clear();
    machine.rediscover();
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0 });
  });
});

describe('without a card', () => {
  test('there is nothing to say', () => {
    using machine = new Machine(new Map());
    expect(machine.poll()).toEqual([]);
    expect(machine.report).toEqual({ status: 'absent', error: 'amdgpu drives no GPU' });
  });

  test('it is an error where there must be one', () => {
    using machine = new Machine(new Map(), { source: { required: true } });
    machine.poll();
    expect(machine.report).toEqual({ status: 'failed', error: 'amdgpu drives no GPU' });
  });
});

test('a kernel whose gpu_metrics describes itself tells the same, and each stack of memory', () => {
  const all = (table: Uint8Array): string[] => {
    using machine = new Machine('mi300x');
    machine.write(`${DIRECTORY}/gpu_metrics`, table);
    machine.poll();
    return machine.poll().filter((line) => line.includes('device="0"'));
  };
  const before = all(metrics16to18(8, instinct(0)));
  expect(before.filter((line) => /xgmi|residency|energy/.test(line)).length).toBeGreaterThan(20);
  const now = all(metrics19(instinct(0)));
  expect(now.filter((line) => !line.includes('sensor="hbm'))).toEqual(before);
  expect(now.filter((line) => line.includes('sensor="hbm')).map((line) => line.slice(-2))).toEqual([
    '51',
    '52',
    '53',
    '54',
    '55',
    '56',
    '57',
    '58',
  ]);
});

describe('files that are not as they should be', () => {
  test('a gpu_metrics of a revision to come is said once, and the rest is read', () => {
    using machine = new Machine('mi300x');
    machine.write(`${DIRECTORY}/gpu_metrics`, new Uint8Array([8, 0, 9, 1, 0, 0, 0, 0]));
    expect(machine.values('utilization_percent')).toEqual({ 0: 97, 1: 96 });
    expect(machine.values('energy_joules_total')).toEqual({ 1: expect.any(Number) });
    machine.poll();
    expect(machine.complaints).toEqual([
      '0000:05:00.0: gpu_metrics 9.1 is not known: what is in no other file (energy, throttling, XGMI) is left out',
    ]);
  });

  test('a pipe in place of a file does not hold the probe', () => {
    using machine = new Machine('mi300x', { groups: ['temperature'] });
    const sensors = `${DIRECTORY}/hwmon/hwmon5`;
    machine.remove(`${sensors}/temp2_input`);
    const made = Bun.spawnSync(['mkfifo', join(machine.tree.sysfs, sensors, 'temp2_input')]);
    expect(made.exitCode).toBe(0);
    // gpu_metrics tells it as well.
    expect(machine.values('temperature_celsius')).toEqual({ 0: 71, 1: 72 });
  });

  test('a sensor that says what cannot be is absent', () => {
    using machine = new Machine('radeon');
    const base = 'devices/pci0000:00/0000:00:c3.1/0000:c3:00.0';
    machine.write(`${base}/hwmon/hwmon7/temp1_input`, '-273150\n');
    machine.write(`${base}/hwmon/hwmon7/power1_average`, '65535000000000\n');
    machine.write(`${base}/mem_info_vram_used`, '18446744073709551615\n');
    machine.remove(`${base}/gpu_metrics`);
    const sensors = machine
      .poll('sensor_temperature_celsius')
      .map((line) => /sensor="(\w+)"/.exec(line)?.[1]);
    expect(sensors).toEqual(['junction', 'memory']);
    expect(machine.values('temperature_celsius')).toEqual({ 0: 67 });
    expect(machine.values('power_watts')).toEqual({});
    expect(machine.values('memory_used_bytes')).toEqual({});
    expect(machine.values('memory_total_bytes')).toEqual({ 0: 25_769_803_776 });
  });
});
