import { edac } from './edac.ts';
import { H100_NVMES } from './h100-storage.ts';
import { coretemp, hwmon, nvmeTemperatures } from './hwmon.ts';
import { pick, picks, range } from './number.ts';
import { nvmePath } from './nvme.ts';
import { type Cooler, thermal } from './thermal.ts';
import { type Attribute, folder, type Tree } from './tree.ts';

/** A board sensor chip: voltages, fans, the kinds of attribute that only such chips have. */
const BOARD: Record<string, Attribute> = {
  beep_enable: 1,
  cpu0_vid: 1_137,
  fan1_alarm: 0,
  fan1_input: 7_511,
  fan1_min: 1_200,
  fan1_pulses: 2,
  fan1_target: 7_600,
  fan2_alarm: 1,
  fan2_fault: 1,
  fan2_input: 0,
  fan2_min: 1_210,
  in0_alarm: 0,
  in0_input: 1_808,
  in0_label: 'Vcore 0',
  in0_max: 1_980,
  in0_min: 1_620,
  in1_beep: 1,
  in1_input: 11_968,
  in1_label: '+12V',
  in2_input: -5_021,
  // Not UTF-8: a degree sign in Latin-1.
  in2_label: new Uint8Array([0x2d, 0x35, 0x56, 0x20, 0xb0, 0x0a]),
  intrusion0_alarm: 1,
  intrusion0_beep: 0,
  pwm1: 183,
  pwm1_enable: 5,
  pwm1_mode: 1,
  temp1_input: 33_500,
  temp1_label: 'SYSTIN',
  temp1_max: 80_000,
  temp1_max_hyst: 75_000,
  temp1_offset: -1_500,
  temp1_type: 4,
  vrm: 130,
};

/** What the firmware says of the power of the whole machine; half of it is text. */
const POWER_METER: Record<string, Attribute> = {
  power1_accuracy: '95.0%',
  power1_alarm: 0,
  power1_average: 6_217_000_000,
  power1_average_interval: 1_000,
  power1_average_interval_max: 10_000,
  power1_average_interval_min: 100,
  power1_cap: 10_200_000_000,
  power1_cap_hyst: 51_000_000,
  power1_is_battery: 0,
  power1_model_number: '',
  power1_oem_info: 'Fixture Power',
};

const CURRENT: Record<string, Attribute> = {
  curr1_input: 41_250,
  curr1_label: 'iout1',
  curr1_max: 62_500,
  in1_input: 12_187,
  in1_label: 'vout1',
  power1_input: 502_717_000,
  power1_label: 'pout1',
  update_interval: 250,
};

const AIR: Record<string, Attribute> = {
  humidity1_input: 41_337,
  humidity1_max: 90_000,
  temp1_input: 27_312,
  temp1_max: 60_000,
};

/** Adds sensors, thermal zones and memory controllers. `online` CPUs each are a cooling device. */
export function h100Sensors(tree: Tree, host: string, online: readonly number[]): void {
  const smbus = 'pci0000:00/0000:00:1f.4/i2c-3';
  for (const it of H100_NVMES) {
    hwmon(tree, {
      index: it.index,
      name: 'nvme',
      device: nvmePath(it),
      classDevice: true,
      sensors: nvmeTemperatures(
        36_850 + it.index * 1_000,
        it.index < 2 ? [35_850 + it.index * 500, 48_850 + it.index * 700] : [],
      ),
    });
  }
  for (const socket of [0, 1]) {
    hwmon(tree, {
      index: 8 + socket,
      name: 'coretemp',
      device: `platform/coretemp.${socket}`,
      sensors: coretemp(
        socket,
        [
          61_000 + socket * 5_000,
          ...picks(`${host} coretemp ${socket}`, 8, 41, 60).map((t) => t * 1000),
        ],
        { max: 93_000 + socket * 1_000, critical: 103_000 + socket * 1_000 },
      ),
    });
  }
  const acpi = 'LNXSYSTM:00/LNXSYBUS:00/ACPI000D:00';
  hwmon(tree, { index: 10, name: 'power_meter', device: acpi, sensors: POWER_METER });
  hwmon(tree, { index: 11, name: 'nct6779', device: 'platform/nct6775.656', sensors: BOARD });
  hwmon(tree, { index: 12, name: 'ina226', device: `${smbus}/3-0040`, sensors: CURRENT });
  hwmon(tree, { index: 13, name: 'sht3x', device: `${smbus}/3-0044`, sensors: AIR });
  // No device: the chip goes by its name.
  hwmon(tree, { index: 14, name: 'Fixture-GPU Tray', sensors: { temp1_input: 44_125 } });
  edac(tree, host, 2, 2);
  thermal(
    tree,
    [
      { type: 'x86_pkg_temp', temperature: 61_000 },
      { type: 'x86_pkg_temp', temperature: 66_000 },
      // A driver whose reading fails.
      { type: 'pch_emmitsburg' },
    ],
    [
      ...online.map(
        (cpu): Cooler => ({
          type: 'Processor',
          current: pick(`${host} cooling ${cpu}`, 0, 4),
          maximum: 10,
        }),
      ),
      { type: 'intel_powerclamp', current: -1, maximum: 50 },
    ],
  );
  folder(tree, 'sys/class/power_supply');
}

/** The PCI places of the eight GPUs, on the roots of the HCAs. */
export function h100Gpus(): { path: string; node: number }[] {
  const places = ['15:1b', '37:43', '48:52', '59:61', '97:9d', 'c7:d1', 'd7:db', 'd9:df'];
  return range(8).map((i) => {
    const [root, bus] = (places[i] ?? '').split(':');
    return { path: `pci0000:${root}/0000:${root}:02.0/0000:${bus}:00.0`, node: i < 4 ? 0 : 1 };
  });
}
