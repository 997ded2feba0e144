import { attributes, link, runtimePower, type Tree } from './tree.ts';

/** A thermal zone: its type and temperature in millidegrees, absent where reading it fails. */
export interface Zone {
  readonly type: string;
  readonly temperature?: number;
  readonly critical?: number;
}

/** A cooling device: a state of -1 means that it does nothing and has no steps (powerclamp). */
export interface Cooler {
  readonly type: string;
  readonly current: number;
  readonly maximum: number;
}

/** Where a thermal zone lies below sys/devices. */
export function zonePath(index: number): string {
  return `virtual/thermal/thermal_zone${index}`;
}

/** Adds sys/class/thermal (Documentation/driver-api/thermal/sysfs-api.rst). */
export function thermal(tree: Tree, zones: readonly Zone[], coolers: readonly Cooler[]): void {
  const add = (name: string) => {
    const base = `sys/devices/virtual/thermal/${name}`;
    runtimePower(tree, base);
    link(tree, `${base}/subsystem`, 'sys/class/thermal');
    link(tree, `sys/class/thermal/${name}`, base);
    return base;
  };
  zones.forEach((zone, index) => {
    attributes(tree, add(`thermal_zone${index}`), {
      available_policies: 'power_allocator user_space bang_bang step_wise ',
      mode: 'enabled',
      policy: 'step_wise',
      ...(zone.temperature === undefined ? {} : { temp: zone.temperature }),
      ...(zone.critical === undefined
        ? {}
        : { trip_point_0_temp: zone.critical, trip_point_0_type: 'critical' }),
      type: zone.type,
      uevent: '',
    });
  });
  coolers.forEach((cooler, index) => {
    attributes(tree, add(`cooling_device${index}`), {
      cur_state: cooler.current,
      max_state: cooler.maximum,
      type: cooler.type,
      uevent: '',
    });
  });
}
