import { expect, test } from 'bun:test';
import { type Chip, hwmon as chipTree } from '../../test/trees/hwmon.ts';
import { thermal, type Zone } from '../../test/trees/thermal.ts';
import { put } from '../../test/trees/tree.ts';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import { CpuSensors } from './cpu-sensors.ts';
import { cpuTemperature } from './cpu-temperature.ts';
import { UNGUARDED } from './guard.ts';
import { HWMON_DEFAULTS, hwmon } from './hwmon.ts';
import { thermalZone } from './thermal-zone.ts';
import { OnDisk } from './tree.fixture.ts';

/** The three sources as they are run together. */
function run(disk: OnDisk): { registry: Registry; value: () => number } {
  const layout = new Layout(new Board());
  const cpu = new CpuSensors();
  const registry = new Registry(layout, [
    hwmon(disk.paths, UNGUARDED, HWMON_DEFAULTS, cpu),
    thermalZone(disk.paths, UNGUARDED, cpu),
    cpuTemperature(disk.paths, cpu),
  ]);
  registry.discover();
  return {
    registry,
    value() {
      registry.sample();
      const [series] = layout.series('cpu_temperature');
      return series === undefined ? Number.NaN : (layout.board.values[series.slot] as number);
    },
  };
}

interface Machine {
  readonly arm?: boolean;
  readonly chips?: readonly { readonly name: string; readonly sensors: Chip['sensors'] }[];
  readonly zones?: readonly Zone[];
}

const machine = ({ arm = false, chips = [], zones = [] }: Machine): OnDisk =>
  OnDisk.built((tree) => {
    for (const [index, chip] of chips.entries()) chipTree(tree, { index, ...chip });
    thermal(tree, zones, []);
    if (arm) {
      put(tree, 'sys/devices/system/cpu/cpu0/regs/identification/midr_el1', '0x410fd851\n');
    }
  });
const of = (spec: Machine): number => {
  using disk = machine(spec);
  return run(disk).value();
};

test('cpuTemperature() is the hottest core or package of coretemp', () => {
  const sensors = { temp1_input: 61_000, temp2_input: 66_500, temp2_max: 93_000 };
  expect(of({ chips: [{ name: 'coretemp', sensors }] })).toBe(66.5);
});

test('cpuTemperature() does not look at disks, boards and network cards', () => {
  const hot = { temp1_input: 99_000 };
  const cool = { temp1_input: 40_000 };
  const chips = ['nvme', 'nct6779', 'mlx5'].map((name) => ({ name, sensors: hot }));
  expect(of({ chips })).toBeNaN();
  expect(of({ chips: [...chips, { name: 'k10temp', sensors: cool }] })).toBe(40);
});

test('cpuTemperature() takes Tdie where k10temp tells it apart from Tctl', () => {
  const tctl = { temp1_input: 75_000, temp1_label: 'Tctl' };
  const tdie = { temp2_input: 48_000, temp2_label: 'Tdie' };
  expect(of({ chips: [{ name: 'k10temp', sensors: { ...tctl, ...tdie } }] })).toBe(48);
  expect(of({ chips: [{ name: 'k10temp', sensors: tctl }] })).toBe(75);
});

test('cpuTemperature() takes the zones of CPUs too', () => {
  const zones = [
    { type: 'x86_pkg_temp', temperature: 62_000 },
    { type: 'iwlwifi_1', temperature: 90_000 },
  ];
  expect(of({ zones })).toBe(62);
  expect(of({ arm: true, zones: [{ type: 'cpu-thermal', temperature: 51_000 }] })).toBe(51);
});

test('cpuTemperature() takes ACPI zones on ARM where there is nothing better, and never on x86', () => {
  const acpi = [43_700, 47_800, 41_200].map((temperature) => ({ type: 'acpitz', temperature }));
  expect(of({ arm: true, zones: acpi })).toBe(47.8);
  expect(of({ zones: acpi })).toBeNaN();
  const better = { type: 'cpu0-thermal', temperature: 30_000 };
  expect(of({ arm: true, zones: [...acpi, better] })).toBe(30);
});

test('cpuTemperature() is absent while none of its sensors can be read', () => {
  using disk = machine({ chips: [{ name: 'coretemp', sensors: { temp1_input: 61_000 } }] });
  const { value } = run(disk);
  expect(value()).toBe(61);
  disk.write('sys/devices/virtual/hwmon/hwmon0/temp1_input', '');
  expect(value()).toBeNaN();
  disk.write('sys/devices/virtual/hwmon/hwmon0/temp1_input', '62000\n');
  expect(value()).toBe(62);
});

test('cpuTemperature() is without data until a sensor of a CPU is there', () => {
  using disk = machine({ zones: [{ type: 'acpitz', temperature: 27_800 }] });
  const { registry, value } = run(disk);
  expect(value()).toBeNaN();
  expect(registry.reports().at(-1)?.status).toBe('absent');
  disk.write('sys/class/thermal/thermal_zone1/type', 'x86_pkg_temp\n');
  disk.write('sys/class/thermal/thermal_zone1/temp', '55000\n');
  registry.rediscover();
  expect(value()).toBe(55);
});

test('cpuTemperature() on the fixture machines is what their CPUs say', () => {
  const on = (name: 'h100' | 'spark'): number => {
    using disk = OnDisk.machine(name, 'sys/class/', 'sys/devices/');
    return run(disk).value();
  };
  expect([on('h100'), on('spark')]).toEqual([66, 47.8]);
});
