import { expect, setSystemTime, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { time } from './time.ts';
import { UTC, type Zone } from './zone.ts';

const DIR = 'sys/devices/system/clocksource/clocksource';
const clock = (device: number, available: string, current: string): Record<string, string> => ({
  [`${DIR}${device}/available_clocksource`]: available,
  [`${DIR}${device}/current_clocksource`]: current,
});
const zone = (): Zone => UTC;

test('time() reads the clock anew at every sample', () => {
  using files = new Files();
  const exposed = new Exposed(time(files.paths, { zone }));
  try {
    setSystemTime(1_795_224_736_500);
    expect(exposed.sample('node', 'node_time_seconds')).toEqual(['node_time_seconds 1795224736.5']);
    setSystemTime(1_795_224_737_000);
    expect(exposed.sample('node', 'node_time_seconds')).toEqual(['node_time_seconds 1795224737']);
  } finally {
    setSystemTime();
  }
});

test('time() names every clock source that there is and the one in use', () => {
  using files = new Files(clock(0, 'tsc hpet acpi_pm \n', 'tsc\n'));
  const lines = new Exposed(time(files.paths, { zone })).sample('node', 'node_time_clocksource');
  expect(lines).toEqual([
    'node_time_clocksource_available_info{device="0",clocksource="tsc"} 1',
    'node_time_clocksource_available_info{device="0",clocksource="hpet"} 1',
    'node_time_clocksource_available_info{device="0",clocksource="acpi_pm"} 1',
    'node_time_clocksource_current_info{device="0",clocksource="tsc"} 1',
  ]);
});

test('time() numbers the devices by their place, whatever their own number', () => {
  using files = new Files({ ...clock(3, 'a', 'a\n'), ...clock(7, 'b', 'b\n') });
  const lines = new Exposed(time(files.paths, { zone })).sample('node', 'node_time_clocksource_c');
  expect(lines).toEqual([
    'node_time_clocksource_current_info{device="0",clocksource="a"} 1',
    'node_time_clocksource_current_info{device="1",clocksource="b"} 1',
  ]);
});

test('time() sees at the next sample that the kernel has given up its clock source', () => {
  using files = new Files(clock(0, 'tsc hpet\n', 'tsc\n'));
  const exposed = new Exposed(time(files.paths, { zone }));
  const current = (): string[] => exposed.sample('node', 'node_time_clocksource_current');
  expect(current()).toEqual(['node_time_clocksource_current_info{device="0",clocksource="tsc"} 1']);
  files.write(`${DIR}0/current_clocksource`, 'hpet\n');
  expect(current()).toEqual([
    'node_time_clocksource_current_info{device="0",clocksource="hpet"} 1',
  ]);
  expect(exposed.complaints).toEqual([]);
});

test('time() has no clock source where the machine has none, or an empty file', () => {
  using none = new Files();
  using empty = new Files(clock(0, '', ''));
  for (const files of [none, empty]) {
    const exposed = new Exposed(time(files.paths, { zone }));
    expect(exposed.sample('node', 'node_time_clocksource')).toEqual([]);
    expect(exposed.registry.reports()[0]?.status).toBe('ok');
  }
});

test('time() changes the zone when its time has come', () => {
  const change = 1_792_890_000;
  const berlin = (moment: number): Zone =>
    moment < change
      ? { abbreviation: 'CEST', offset: 7200, since: 1_774_746_000, until: change }
      : { abbreviation: 'CET', offset: 3600, since: change, until: 1_806_195_600 };
  using files = new Files();
  try {
    setSystemTime((change - 1) * 1000);
    const exposed = new Exposed(time(files.paths, { zone: berlin }));
    const offset = (): string[] => exposed.sample('node', 'node_time_zone');
    expect(offset()).toEqual(['node_time_zone_offset_seconds{time_zone="CEST"} 7200']);
    setSystemTime(change * 1000);
    expect(offset()).toEqual(['node_time_zone_offset_seconds{time_zone="CET"} 3600']);
    setSystemTime((change - 1) * 1000);
    expect(offset()).toEqual(['node_time_zone_offset_seconds{time_zone="CEST"} 7200']);
  } finally {
    setSystemTime();
  }
});

test('time() reads a fixture machine', () => {
  using files = Files.machine('vm', 'sys/devices/system/clocksource');
  const lines = new Exposed(time(files.paths, { zone })).sample('node', 'node_time_clocksource');
  expect(lines).toHaveLength(4);
  expect(lines).toContain(
    'node_time_clocksource_current_info{device="0",clocksource="kvm-clock"} 1',
  );
});
