import { describe, expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import {
  type Chip,
  hwmon as chipTree,
  coretemp,
  nvmeTemperatures,
} from '../../test/trees/hwmon.ts';
import { UNGUARDED } from './guard.ts';
import { HWMON_DEFAULTS, type HwmonOptions, hwmon } from './hwmon.ts';
import { OnDisk } from './tree.fixture.ts';

const chips = (...all: readonly Chip[]): OnDisk =>
  OnDisk.built((tree) => {
    for (const chip of all) chipTree(tree, chip);
  });
const expose = (disk: OnDisk, options: Partial<HwmonOptions> = {}): Exposed =>
  new Exposed(hwmon(disk.paths, UNGUARDED, { ...HWMON_DEFAULTS, ...options }));
const one = (sensors: Chip['sensors'], name = 'chip'): OnDisk =>
  chips({ index: 0, name, device: 'platform/x', sensors });

const CPU: Chip = {
  index: 2,
  name: 'coretemp',
  device: 'platform/coretemp.0',
  sensors: coretemp(0, [61_000, 54_300], { max: 93_000, critical: 103_000 }),
};
const DISK: Chip = {
  index: 10,
  name: 'nvme',
  device: 'pci0/nvme/nvme0',
  classDevice: true,
  sensors: nvmeTemperatures(39_850, [52_850]),
};

test('hwmon() names chips and sensors as node_exporter does', () => {
  using disk = chips(CPU);
  expect(expose(disk).sample()).toEqual([
    'node_hwmon_chip_names{chip="platform_coretemp_0",chip_name="coretemp"} 1',
    'node_hwmon_sensor_label{chip="platform_coretemp_0",label="Package id 0",sensor="temp1"} 1',
    'node_hwmon_sensor_label{chip="platform_coretemp_0",label="Core 0",sensor="temp2"} 1',
    'node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp1"} 61',
    'node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp2"} 54.3',
    'node_hwmon_temp_crit_alarm_celsius{chip="platform_coretemp_0",sensor="temp1"} 0',
    'node_hwmon_temp_crit_alarm_celsius{chip="platform_coretemp_0",sensor="temp2"} 0',
    'node_hwmon_temp_crit_celsius{chip="platform_coretemp_0",sensor="temp1"} 103',
    'node_hwmon_temp_crit_celsius{chip="platform_coretemp_0",sensor="temp2"} 103',
    'node_hwmon_temp_max_celsius{chip="platform_coretemp_0",sensor="temp1"} 93',
    'node_hwmon_temp_max_celsius{chip="platform_coretemp_0",sensor="temp2"} 93',
  ]);
});

test('hwmon() has the sensor’s word in the native label, or its name', () => {
  using disk = one({
    temp1_input: 40_000,
    temp1_label: 'asic',
    temp2_input: 41_000,
    fan1_input: 0,
  });
  expect(expose(disk).sample('native')).toEqual([
    'sensor_fan_rpm{chip="platform_x",sensor="fan1",label="fan1"} 0',
    'sensor_temperature_celsius{chip="platform_x",sensor="temp1",label="asic"} 40',
    'sensor_temperature_celsius{chip="platform_x",sensor="temp2",label="temp2"} 41',
  ]);
});

test('hwmon() has base units in both dialects', () => {
  using disk = one({
    in0_input: 1_808,
    curr1_input: 41_250,
    power1_input: 502_717_000,
    power2_average: 6_217_000_000,
    energy1_input: 2 ** 53,
    humidity1_input: 41_337,
  });
  const exposed = expose(disk);
  expect(exposed.sample('node').slice(1)).toEqual([
    'node_hwmon_curr_amps{chip="platform_x",sensor="curr1"} 41.25',
    'node_hwmon_energy_joule_total{chip="platform_x",sensor="energy1"} 9007199254.740992',
    'node_hwmon_humidity{chip="platform_x",sensor="humidity1"} 0.041337',
    'node_hwmon_in_volts{chip="platform_x",sensor="in0"} 1.808',
    'node_hwmon_power_average_watt{chip="platform_x",sensor="power2"} 6217',
    'node_hwmon_power_watt{chip="platform_x",sensor="power1"} 502.717',
  ]);
  const native = exposed.sample('native').map((line) => line.replace(/\{.*\}/, ''));
  expect(native).toEqual([
    'sensor_current_amperes 41.25',
    'sensor_energy_joules_total 9007199254.740992',
    'sensor_humidity_ratio 0.41337',
    'sensor_power_average_watts 6217',
    'sensor_power_watts 502.717',
    'sensor_voltage_volts 1.808',
  ]);
});

test('hwmon() leaves out limits that cannot be', () => {
  using disk = chips(DISK);
  const lines = expose(disk).sample('node', 'node_hwmon_temp_');
  expect(lines).toEqual([
    'node_hwmon_temp_alarm{chip="nvme_nvme0",sensor="temp1"} 0',
    'node_hwmon_temp_celsius{chip="nvme_nvme0",sensor="temp1"} 39.85',
    'node_hwmon_temp_celsius{chip="nvme_nvme0",sensor="temp2"} 52.85',
    'node_hwmon_temp_crit_celsius{chip="nvme_nvme0",sensor="temp1"} 84.85',
    'node_hwmon_temp_max_celsius{chip="nvme_nvme0",sensor="temp1"} 81.85',
  ]);
});

test('hwmon() leaves out values that are no numbers', () => {
  using disk = one({
    power1_accuracy: '95.0%',
    power1_input: '18446744073709551615',
    power1_model_number: '',
    temp1_input: 'N/A',
    temp2_input: '',
    temp3_input: 20_000,
  });
  expect(expose(disk).sample('node', 'node_hwmon_').slice(1)).toEqual([
    'node_hwmon_temp_celsius{chip="platform_x",sensor="temp3"} 20',
  ]);
});

test('hwmon() says nothing but its name of a chip whose sensors all fail', () => {
  using disk = one({ temp1_input: 20_000 });
  disk.breakFile('sys/devices/platform/x/hwmon/hwmon0/temp1_input');
  expect(expose(disk).sample()).toEqual([
    'node_hwmon_chip_names{chip="platform_x",chip_name="chip"} 1',
  ]);
});

test('hwmon() has a frequency under the name of its clock, and none without', () => {
  using disk = one({ freq1_input: 2_100_000_000, freq1_label: 'sclk', freq2_input: 5 });
  expect(expose(disk).sample('node', 'node_hwmon_freq')).toEqual([
    'node_hwmon_freq_freq_mhz{chip="platform_x",sensor="sclk"} 2100',
  ]);
});

test('hwmon() gives _input its long name where the sensor has a file without property too', () => {
  using disk = one({ temp1: 30_000, temp1_input: 31_000 });
  const exposed = expose(disk);
  expect(exposed.sample('node', 'node_hwmon_temp')).toEqual([
    'node_hwmon_temp_celsius{chip="platform_x",sensor="temp1"} 30',
    'node_hwmon_temp_input_celsius{chip="platform_x",sensor="temp1"} 31',
  ]);
  expect(exposed.sample('native')).toEqual([
    'sensor_temperature_celsius{chip="platform_x",sensor="temp1",label="temp1"} 31',
  ]);
});

test('hwmon() has what a driver made up', () => {
  using disk = one({ power1_is_battery: 0, pwm1_auto_point1_pwm: 76, 'temp1_Odd-Name': 1_000 });
  expect(expose(disk).sample('node').slice(1)).toEqual([
    'node_hwmon_power_is_battery_watt{chip="platform_x",sensor="power1"} 0',
    'node_hwmon_pwm_auto_point1_pwm{chip="platform_x",sensor="pwm1"} 76',
    'node_hwmon_temp_odd_name_celsius{chip="platform_x",sensor="temp1"} 1',
  ]);
});

test('hwmon() has the first of two sensors with one name', () => {
  const sensors = (value: number) => ({ temp1_input: value });
  using disk = chips(
    { index: 0, name: 'first', device: 'platform/x', sensors: sensors(1_000) },
    {
      index: 1,
      name: 'second',
      device: 'platform/x',
      sensors: { ...sensors(2_000), fan1_input: 7 },
    },
  );
  expect(expose(disk).sample()).toEqual([
    'node_hwmon_chip_names{chip="platform_x",chip_name="first"} 1',
    'node_hwmon_chip_names{chip="platform_x",chip_name="second"} 1',
    'node_hwmon_fan_rpm{chip="platform_x",sensor="fan1"} 7',
    'node_hwmon_temp_celsius{chip="platform_x",sensor="temp1"} 1',
  ]);
});

describe('hwmon() keeps to', () => {
  const of = (options: Partial<HwmonOptions>): string[] => {
    using disk = chips(CPU, DISK);
    return expose(disk, options).sample('node', 'node_hwmon_temp_celsius');
  };
  const line = (chip: string, sensor: string, value: number): string =>
    `node_hwmon_temp_celsius{chip="${chip}",sensor="${sensor}"} ${value}`;
  const cpu = [
    line('platform_coretemp_0', 'temp1', 61),
    line('platform_coretemp_0', 'temp2', 54.3),
  ];
  const disk = [line('nvme_nvme0', 'temp1', 39.85), line('nvme_nvme0', 'temp2', 52.85)];

  test('chipInclude and chipExclude', () => {
    expect(of({ chipInclude: '^nvme' })).toEqual(disk);
    expect(of({ chipExclude: '^nvme' })).toEqual(cpu);
  });

  test('sensorInclude and sensorExclude, which see chip and sensor', () => {
    expect(of({ sensorInclude: 'nvme_nvme0;temp1' })).toEqual(disk.slice(0, 1));
    expect(of({ sensorExclude: ';temp2$' })).toEqual([cpu[0], disk[0]] as string[]);
  });
});

test('hwmon() drops a chip that went away and finds one that came', () => {
  using disk = chips(CPU, DISK);
  const exposed = expose(disk);
  expect(exposed.sample('node', 'node_hwmon_temp_celsius')).toHaveLength(4);
  disk.remove('sys/devices/pci0/nvme/nvme0/hwmon10');
  disk.remove('sys/class/hwmon/hwmon10');
  expect(exposed.sample('node', 'node_hwmon_temp_celsius')).toHaveLength(2);
  disk.write('sys/class/hwmon/hwmon11/name', 'usb\n');
  disk.write('sys/class/hwmon/hwmon11/temp1_input', '25000\n');
  exposed.registry.rediscover();
  expect(exposed.sample('node', 'node_hwmon_temp_celsius')).toContain(
    'node_hwmon_temp_celsius{chip="usb",sensor="temp1"} 25',
  );
});

test('hwmon() is without data where there is no hwmon class, and well where it is empty', () => {
  using disk = new OnDisk(new Map([['sys/none', '']]));
  const exposed = expose(disk);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
  disk.add(new Map([['sys/class/hwmon', { folder: true }]]));
  exposed.registry.rediscover();
  exposed.registry.sample();
  expect(exposed.registry.reports()[0]?.status).toBe('ok');
});
