import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { type Cooler, thermal, type Zone } from '../../test/trees/thermal.ts';
import { UNGUARDED } from './guard.ts';
import { thermalZone } from './thermal-zone.ts';
import { OnDisk } from './tree.fixture.ts';

const tree = (zones: readonly Zone[], coolers: readonly Cooler[] = []): OnDisk =>
  OnDisk.built((t) => thermal(t, zones, coolers));
const expose = (disk: OnDisk): Exposed => new Exposed(thermalZone(disk.paths, UNGUARDED));

test('thermalZone() tells zones of one type apart by their number', () => {
  using disk = tree([
    { type: 'acpitz', temperature: 43_700 },
    { type: 'acpitz', temperature: -5_000 },
  ]);
  const exposed = expose(disk);
  expect(exposed.sample()).toEqual([
    'node_thermal_zone_temp{type="acpitz",zone="0"} 43.7',
    'node_thermal_zone_temp{type="acpitz",zone="1"} -5',
  ]);
  expect(exposed.sample('native')).toEqual([
    'thermal_zone_temperature_celsius{zone="0",type="acpitz"} 43.7',
    'thermal_zone_temperature_celsius{zone="1",type="acpitz"} -5',
  ]);
});

test('thermalZone() reads the states of cooling devices, -1 among them', () => {
  using disk = tree([], [{ type: 'intel_powerclamp', current: -1, maximum: 50 }]);
  const exposed = expose(disk);
  expect(exposed.sample()).toEqual([
    'node_cooling_device_cur_state{name="0",type="intel_powerclamp"} -1',
    'node_cooling_device_max_state{name="0",type="intel_powerclamp"} 50',
  ]);
  expect(exposed.sample('native')).toEqual([
    'cooling_device_max_state{device="0",type="intel_powerclamp"} 50',
    'cooling_device_state{device="0",type="intel_powerclamp"} -1',
  ]);
});

test('thermalZone() leaves out the zone that cannot be read, or says what cannot be, and no other', () => {
  using disk = tree([
    { type: 'off' },
    // THERMAL_TEMP_INVALID
    { type: 'early', temperature: -274_000 },
    { type: 'broken', temperature: 20_000 },
    { type: 'good', temperature: 21_000 },
  ]);
  disk.breakFile('sys/devices/virtual/thermal/thermal_zone2/temp');
  expect(expose(disk).sample()).toEqual(['node_thermal_zone_temp{type="good",zone="3"} 21']);
});

test('thermalZone() goes on when a zone vanishes, and finds one that comes', () => {
  using disk = tree([
    { type: 'a', temperature: 1_000 },
    { type: 'b', temperature: 2_000 },
  ]);
  const exposed = expose(disk);
  expect(exposed.sample()).toHaveLength(2);
  disk.remove('sys/devices/virtual/thermal/thermal_zone0');
  disk.remove('sys/class/thermal/thermal_zone0');
  expect(exposed.sample()).toEqual(['node_thermal_zone_temp{type="b",zone="1"} 2']);
  disk.write('sys/class/thermal/thermal_zone12/type', 'c\n');
  disk.write('sys/class/thermal/thermal_zone12/temp', '3000\n');
  exposed.registry.rediscover();
  expect(exposed.sample()).toEqual([
    'node_thermal_zone_temp{type="b",zone="1"} 2',
    'node_thermal_zone_temp{type="c",zone="12"} 3',
  ]);
});

test('thermalZone() is without data where there is no thermal class', () => {
  using disk = new OnDisk(new Map([['sys/none', '']]));
  expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
});
