import { type Attribute, attributes, link, runtimePower, type Tree } from './tree.ts';

/** One hwmon chip. */
export interface Chip {
  /** The N of hwmonN: the order in which drivers were loaded, different at every boot. */
  readonly index: number;
  readonly name: string;
  /** The device below sys/devices that it belongs to; a chip without one is virtual. */
  readonly device?: string;
  /**
   * The device is itself one of a class (an NVMe controller, a thermal zone): the kernel then puts
   * the chip right into its folder instead of a folder `hwmon` between them.
   */
  readonly classDevice?: boolean;
  /** `temp1_input` and the like (Documentation/hwmon/sysfs-interface.rst). */
  readonly sensors: Record<string, Attribute>;
}

/** Adds a chip and its class link. */
export function hwmon(tree: Tree, chip: Chip): void {
  const name = `hwmon${chip.index}`;
  const parent = `sys/devices/${chip.device ?? 'virtual'}`;
  const base = chip.classDevice ? `${parent}/${name}` : `${parent}/hwmon/${name}`;
  attributes(tree, base, { name: chip.name, uevent: '', ...chip.sensors });
  runtimePower(tree, base);
  link(tree, `${base}/subsystem`, 'sys/class/hwmon');
  if (chip.device !== undefined) link(tree, `${base}/device`, parent);
  link(tree, `sys/class/hwmon/${name}`, base);
}

/** Temperatures of a coretemp chip in millidegrees: the package first, then each core. */
export function coretemp(
  socket: number,
  temperatures: readonly number[],
  limits: { readonly max: number; readonly critical: number },
): Record<string, Attribute> {
  const sensors: Record<string, Attribute> = {};
  temperatures.forEach((value, i) => {
    // Intel numbers the sensors after the core, with gaps: core 0 is temp2.
    const sensor = `temp${i + 1}`;
    sensors[`${sensor}_input`] = value;
    sensors[`${sensor}_label`] = i === 0 ? `Package id ${socket}` : `Core ${i - 1}`;
    sensors[`${sensor}_max`] = limits.max;
    sensors[`${sensor}_crit`] = limits.critical;
    sensors[`${sensor}_crit_alarm`] = i === 3 && socket === 1 ? 1 : 0;
  });
  return sensors;
}

/**
 * Temperatures of an NVMe disk. A disk that sets no limit for a sensor makes the driver report
 * 65261.85 and -273.15 degrees, which are the ends of its 16 bits in kelvin.
 */
export function nvmeTemperatures(
  composite: number,
  others: readonly number[],
): Record<string, Attribute> {
  const sensors: Record<string, Attribute> = {
    temp1_alarm: 0,
    temp1_crit: 84_850,
    temp1_input: composite,
    temp1_label: 'Composite',
    temp1_max: 81_850,
    temp1_min: -273_150,
  };
  others.forEach((value, i) => {
    sensors[`temp${i + 2}_input`] = value;
    sensors[`temp${i + 2}_label`] = `Sensor ${i + 1}`;
    sensors[`temp${i + 2}_max`] = 65_261_850;
    sensors[`temp${i + 2}_min`] = -273_150;
  });
  return sensors;
}
