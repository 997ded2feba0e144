import { describe, expect, test } from 'bun:test';
import { hwmon } from '../../test/trees/hwmon.ts';
import { attributes, link, type Tree } from '../../test/trees/tree.ts';
import { chipLabel, driverName, sensors } from './hwmon-chip.ts';
import { OnDisk } from './tree.fixture.ts';

const CHIP = 'sys/class/hwmon/hwmon3';
const chip = (
  device: string | undefined,
  sensorFiles: Record<string, string | number | Uint8Array> = {},
) =>
  OnDisk.built((tree) =>
    hwmon(tree, {
      index: 3,
      name: 'Some-Chip',
      sensors: sensorFiles,
      ...(device === undefined ? {} : { device }),
    }),
  );

describe('chipLabel()', () => {
  const of = (device: string | undefined): string => {
    using disk = chip(device);
    return chipLabel(`${disk.root}/${CHIP}`);
  };

  test('is made of the last two parts of the device’s path', () => {
    expect(of('platform/coretemp.0')).toBe('platform_coretemp_0');
    expect(of('LNXSYSTM:00/LNXSYBUS:00/NVDA8800:00')).toBe('lnxsybus:00_nvda8800:00');
    expect(of('pci0000:00/0000:00:01.1/0000:01:00.0/nvme/nvme0')).toBe('nvme_nvme0');
  });

  test('is the driver’s name for a chip without a device', () => {
    expect(of(undefined)).toBe('some_chip');
  });

  test('is hwmonN for a chip that says nothing', () => {
    using disk = chip(undefined);
    disk.write(`${CHIP}/name`, '---\n');
    expect(chipLabel(`${disk.root}/${CHIP}`)).toBe('hwmon3');
    disk.remove(`${CHIP}/name`);
    expect(chipLabel(`${disk.root}/${CHIP}`)).toBe('hwmon3');
  });
});

test('driverName() is clean, and empty where the driver says nothing', () => {
  using disk = chip(undefined);
  expect(driverName(`${disk.root}/${CHIP}`)).toBe('some_chip');
  expect(driverName(`${disk.root}/nowhere`)).toBe('');
});

describe('sensors()', () => {
  test('gathers the files of each sensor and its label, and passes over what is no sensor', () => {
    using disk = chip('platform/x', {
      temp1_input: 1,
      temp1_crit_alarm: 0,
      temp1_label: ' CPU ',
      fan10_input: 2,
      pwm1: 3,
      beep_enable: 0,
      in_voltage0_raw: 4,
      uptime: 5,
    });
    const found = sensors(`${disk.root}/${CHIP}`);
    expect(found.map((s) => [s.name, s.type, s.label, [...s.files]])).toEqual([
      ['beep_enable0', 'beep_enable', undefined, [['', 'beep_enable']]],
      ['fan10', 'fan', undefined, [['input', 'fan10_input']]],
      ['pwm1', 'pwm', undefined, [['', 'pwm1']]],
      [
        'temp1',
        'temp',
        ' CPU ',
        [
          ['crit_alarm', 'temp1_crit_alarm'],
          ['input', 'temp1_input'],
          ['label', 'temp1_label'],
        ],
      ],
    ]);
  });

  test('looks into the device too, whose files count where both have one', () => {
    using disk = OnDisk.built((tree: Tree) => {
      hwmon(tree, { index: 3, name: 'old', device: 'platform/old.1', sensors: { temp1_input: 1 } });
      attributes(tree, 'sys/devices/platform/old.1', { temp1_input: 2, fan1_input: 3 });
    });
    const found = sensors(`${disk.root}/${CHIP}`);
    expect(found.map((s) => [s.name, s.files.get('input')])).toEqual([
      ['temp1', 'device/temp1_input'],
      ['fan1', 'device/fan1_input'],
    ]);
  });

  test('takes a thermal zone’s own temperature, but not a battery’s, which is in tenths', () => {
    const names = (subsystem: string) => {
      using disk = OnDisk.built((tree: Tree) => {
        const device = `virtual/${subsystem}/one`;
        hwmon(tree, { index: 3, name: 'one', device, sensors: { temp1_input: 43_700 } });
        attributes(tree, `sys/devices/${device}`, { temp: 298 });
        link(tree, `sys/devices/${device}/subsystem`, `sys/class/${subsystem}`);
        attributes(tree, `sys/class/${subsystem}`, { other: 0 });
      });
      return sensors(`${disk.root}/${CHIP}`).map((s) => s.name);
    };
    expect(names('thermal')).toEqual(['temp1', 'temp0']);
    expect(names('power_supply')).toEqual(['temp1']);
  });

  test('has a replacement character in a label that is not UTF-8', () => {
    using disk = chip('platform/x', {
      in0_label: new Uint8Array([0x35, 0xb0, 0x0a]),
      in0_input: 1,
    });
    expect(sensors(`${disk.root}/${CHIP}`)[0]?.label).toBe('5\uFFFD');
  });
});
