import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { powerSupply } from '../../test/trees/powersupply.ts';
import { UNGUARDED } from './guard.ts';
import { powerSupplyClass } from './powersupplyclass.ts';
import { OnDisk } from './tree.fixture.ts';

const battery = (values: Record<string, string | number | Uint8Array>): OnDisk =>
  OnDisk.built((tree) => powerSupply(tree, 'BAT0', 'PNP0C0A:00', values));
const expose = (disk: OnDisk, ignoredSupplies = '^$'): Exposed =>
  new Exposed(powerSupplyClass(disk.paths, UNGUARDED, { ignoredSupplies }));
const BASE = 'sys/devices/LNXSYSTM:00/LNXSYBUS:00/PNP0C0A:00/power_supply/BAT0';

test('powerSupplyClass() has every attribute in the unit that node_exporter has it in', () => {
  using disk = battery({
    capacity: 87,
    charge_control_limit_max: 3,
    charge_now: 3_932_000,
    current_now: -611_000,
    cycle_count: 213,
    energy_full_design: 48_000_000,
    precharge_current: 250_000,
    temp: 298,
    time_to_empty_now: 23_100,
    voltage_now: 11_812_000,
  });
  expect(expose(disk).sample()).toEqual([
    'node_power_supply_capacity{power_supply="BAT0"} 87',
    'node_power_supply_charge_ampere{power_supply="BAT0"} 3.932',
    'node_power_supply_charge_control_limit_max{power_supply="BAT0"} 0.000003',
    'node_power_supply_current_ampere{power_supply="BAT0"} -0.611',
    'node_power_supply_cyclecount{power_supply="BAT0"} 213',
    'node_power_supply_energy_full_design{power_supply="BAT0"} 48',
    'node_power_supply_info{power_supply="BAT0"} 1',
    'node_power_supply_precharge_current{power_supply="BAT0"} 0.25',
    'node_power_supply_temp_celsius{power_supply="BAT0"} 29.8',
    'node_power_supply_time_to_empty_seconds{power_supply="BAT0"} 23100',
    'node_power_supply_voltage_volt{power_supply="BAT0"} 11.812',
  ]);
});

test('powerSupplyClass() has labels for the texts that are there, in a series that follows them', () => {
  using disk = battery({ status: 'Charging', manufacturer: '', type: 'Battery' });
  const exposed = expose(disk);
  expect(exposed.sample()).toEqual([
    'node_power_supply_info{power_supply="BAT0",status="Charging",type="Battery"} 1',
  ]);
  disk.write(`${BASE}/status`, 'Full\n');
  expect(exposed.sample()).toEqual([
    'node_power_supply_info{power_supply="BAT0",status="Full",type="Battery"} 1',
  ]);
});

test('powerSupplyClass() leaves out an attribute that is no number or cannot be read, and no other', () => {
  using disk = battery({ capacity: 'unknown', online: 1, present: 1, voltage_now: '' });
  disk.breakFile(`${BASE}/present`);
  expect(expose(disk).sample()).toEqual([
    'node_power_supply_info{power_supply="BAT0"} 1',
    'node_power_supply_online{power_supply="BAT0"} 1',
  ]);
});

test('powerSupplyClass() passes over ignored supplies', () => {
  using disk = battery({ online: 1 });
  expect(expose(disk, '^BAT').sample()).toEqual([]);
});

test('powerSupplyClass() drops a supply that was unplugged and finds one that was plugged in', () => {
  using disk = battery({ online: 1 });
  const exposed = expose(disk);
  expect(exposed.sample()).toHaveLength(2);
  disk.remove(BASE);
  disk.remove('sys/class/power_supply/BAT0');
  expect(exposed.sample()).toEqual([]);
  disk.write('sys/class/power_supply/ucsi-source-psy-1/online', '1\n');
  exposed.registry.rediscover();
  expect(exposed.sample()).toContain(
    'node_power_supply_online{power_supply="ucsi-source-psy-1"} 1',
  );
});

test('powerSupplyClass() is without data where there is no such class', () => {
  using disk = new OnDisk(new Map([['sys/none', '']]));
  expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
});
