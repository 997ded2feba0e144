/** /sys/class/hwmon: temperatures, voltages, currents, power, energy and fans. */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { HWMON, hwmonClean, hwmonSignal } from '../catalog/host/hwmon.ts';
import type { Signal } from '../catalog/signal.ts';
import type { CpuSensors } from './cpu-sensors.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import { nameFilter } from './filter.ts';
import type { Guard } from './guard.ts';
import { type ChipSensor, chipLabel, driverName, sensors } from './hwmon-chip.ts';
import { celsius, fraction, number, type Reading } from './numbers.ts';
import { inode, list } from './sysfs.ts';

/** Regular expressions over chips, and over `chip;sensor`; `''` is none. */
export interface HwmonOptions {
  readonly chipInclude: string;
  readonly chipExclude: string;
  readonly sensorInclude: string;
  readonly sensorExclude: string;
}

export const HWMON_DEFAULTS: HwmonOptions = {
  chipInclude: '',
  chipExclude: '',
  sensorInclude: '',
  sensorExclude: '',
};

/** What the kernel counts in, by the unit that it becomes. */
const READINGS: Readonly<Record<string, Reading>> = {
  celsius: celsius(1000),
  volts: fraction(1000),
  amperes: fraction(1000),
  seconds: fraction(1000),
  watts: fraction(1e6),
  joules: fraction(1e6),
  ratio: fraction(1e6),
  mhz: fraction(1e6),
};

/** Limits and what else changes only when somebody sets it. A power cap is the firmware's to change. */
const SLOW =
  /^(l?crit|emergency|((rated|cap|average|average_interval)_)?(min|max))(_hyst)?$|^(average_interval|cap_hyst|div|pulses|type|offset|accuracy|beep)$/;

/** `cpu`: told which of the sensors are a CPU's own. */
export function hwmon(
  paths: Paths,
  guard: Guard,
  options: HwmonOptions = HWMON_DEFAULTS,
  cpu?: CpuSensors,
): Source {
  const root = `${paths.sysfs}/class/hwmon`;
  const takesChip = nameFilter(options.chipInclude, options.chipExclude);
  const takesSensor = nameFilter(options.sensorInclude, options.sensorExclude);
  const taken = new Set<number>();

  /** Two chips of one device have one name, and of two sensors with one name the first counts. */
  const claim = (draft: Draft, signal: Signal, labels: Record<string, string>) => {
    const slot = draft.slot(signal, labels);
    if (taken.has(slot)) return undefined;
    taken.add(slot);
    return slot;
  };

  const describe = (device: Device, draft: Draft): void => {
    const chip = chipLabel(device.directory);
    const driver = driverName(device.directory);
    if (driver !== '') {
      const slot = claim(draft, HWMON.chipName, { chip, chip_name: driver });
      if (slot !== undefined) device.constant(slot);
    }
    for (const sensor of sensors(device.directory)) {
      if (!takesSensor(`${chip};${sensor.name}`)) continue;
      for (const a of attributesOf(chip, sensor)) {
        const slot = claim(draft, a.signal, a.labels);
        if (slot === undefined) continue;
        if (a.file === undefined) device.constant(slot);
        else device.number(a.file, slot, a);
        if (a.file?.endsWith('_input') && sensor.type === 'temp') {
          cpu?.addChip(driver, sensor.label, slot);
        }
      }
    }
  };

  return deviceSource({
    name: 'hwmon',
    collectors: ['hwmon'],
    guard,
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root).map((name) => `${root}/${name}`);
    },
    begin() {
      taken.clear();
      cpu?.clearChips();
    },
    takes: (directory) => takesChip(chipLabel(directory)),
    describe,
  });
}

interface Attribute {
  readonly signal: Signal;
  readonly labels: Record<string, string>;
  /** None: the series is there as long as the sensor is. */
  readonly file?: string;
  readonly reading?: Reading;
  readonly slow?: boolean;
}

/** Everything that one sensor says. */
function attributesOf(chip: string, sensor: ChipSensor): Attribute[] {
  const { type, name, label } = sensor;
  const labels = { chip, sensor: name, name: label === undefined || label === '' ? name : label };
  const out: Attribute[] = [];
  if (label !== undefined) {
    out.push({ signal: HWMON.sensorLabel, labels: { chip, label, sensor: name } });
  }
  const taken = sensor.files.has('');
  for (const [property, file] of sensor.files) {
    if (property === 'label') continue;
    const wide = CHIP_WIDE[type];
    if (wide !== undefined) {
      out.push({ ...wide, labels: { chip, sensor: name }, file, slow: true });
    } else if (type === 'freq' && property === 'input') {
      // It is the clock's name that tells the chip's frequencies apart, so one without is left out.
      if (label === undefined) continue;
      const of = { chip, sensor: hwmonClean(label) };
      out.push({ signal: hwmonSignal(type, property, taken), labels: of, file, ...reads('mhz') });
    } else {
      const signal = hwmonSignal(type, property, taken);
      out.push({ signal, labels, file, slow: SLOW.test(property), ...reads(signal.unit) });
    }
  }
  return out;
}

const reads = (unit: string): { reading: Reading } => ({ reading: READINGS[unit] ?? number });

const CHIP_WIDE: Readonly<Record<string, { signal: Signal; reading: Reading }>> = {
  beep_enable: { signal: HWMON.beepEnabled, reading: (text) => (text === '1' ? 1 : 0) },
  vrm: { signal: HWMON.regulatorVersion, reading: number },
  update_interval: { signal: HWMON.updateInterval, reading: fraction(1000) },
};
