/** What one hwmon chip consists of. https://docs.kernel.org/hwmon/sysfs-interface.html */
import { hwmonClean } from '../catalog/host/hwmon.ts';
import { HWMON_TYPES } from '../catalog/host/hwmon-attributes.ts';
import { files, linkName, readRaw, readText, resolve } from './sysfs.ts';

/** Files that are about the chip, not about one of its sensors. */
const CHIP_WIDE = new Set(['beep_enable', 'update_interval', 'vrm']);

const isType = (type: string): boolean => CHIP_WIDE.has(type) || Object.hasOwn(HWMON_TYPES, type);

export interface ChipSensor {
  /** `temp1`; `vrm0` for what the chip has only one of. */
  readonly name: string;
  readonly type: string;
  /** The driver's word for it. */
  readonly label: string | undefined;
  /** Property (`input`, `crit`, `''` for the file that has none) → its file below the chip's directory. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * A name that stays the same over reboots (the N of hwmonN does not): the last two parts of the path
 * of the device that the chip belongs to, or what its driver calls it, or hwmonN.
 */
export function chipLabel(directory: string): string {
  const [name, parent] = resolve(`${directory}/device`)?.split('/').reverse() ?? [];
  const of = hwmonClean(name ?? '');
  const type = hwmonClean(parent ?? '');
  if (of !== '') return type === '' ? of : `${type}_${of}`;
  const driver = driverName(directory);
  if (driver !== '') return driver;
  return hwmonClean(resolve(directory)?.split('/').at(-1) ?? '');
}

/** What the driver calls the chip (`coretemp`), `''` where it says nothing. */
export function driverName(directory: string): string {
  return hwmonClean(readText(`${directory}/name`) ?? '');
}

/**
 * The sensors of a chip. Old drivers put their attributes into the device's directory instead of
 * the chip's, so both are looked through; where both have a file, the device's counts.
 */
export function sensors(directory: string): ChipSensor[] {
  const found = new Map<string, { type: string; files: Map<string, string> }>();
  // A battery's own `temp` is in tenths of a degree, not in thousandths as everything here.
  const battery = linkName(`${directory}/device/subsystem`) === 'power_supply';
  for (const prefix of battery ? [''] : ['', 'device/']) {
    for (const file of files(`${directory}/${prefix}`)) {
      const parts = split(file);
      if (parts === undefined) continue;
      const name = `${parts.type}${parts.index}`;
      const sensor = found.get(name) ?? { type: parts.type, files: new Map<string, string>() };
      found.set(name, sensor);
      sensor.files.set(parts.property, `${prefix}${file}`);
    }
  }
  return [...found].map(([name, sensor]) => {
    const label = sensor.files.get('label');
    const text = label === undefined ? undefined : readRaw(`${directory}/${label}`);
    return { name, ...sensor, label: text?.replace(/^\n+|\n+$/g, '') };
  });
}

/**
 * `temp1_crit_alarm` → temp, 1, crit_alarm; undefined for what is no sensor's. A name without a number
 * is number 0: a chip that a thermal zone brought finds the zone's own `temp` so.
 */
function split(file: string): { type: string; index: number; property: string } | undefined {
  const [, type = '', index = '', property = ''] = /^([^0-9]+)([0-9]*)(?:_(.+))?$/.exec(file) ?? [];
  return isType(type) ? { type, index: Number(index), property } : undefined;
}
