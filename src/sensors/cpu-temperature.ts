/** The hottest of the CPUs' own sensors, out of what the hwmon and thermal_zone sources have read. */
import type { Paths } from '../board/paths.ts';
import { NoData, SAMPLE, type Source } from '../board/source.ts';
import { CPU_TEMPERATURE } from '../catalog/host/cpu-temperature.ts';
import type { CpuSensors } from './cpu-sensors.ts';
import { inode } from './sysfs.ts';

/** To be run after the hwmon and thermal_zone sources that were given the same `sensors`. */
export function cpuTemperature(paths: Paths, sensors: CpuSensors): Source {
  const cpu0 = `${paths.sysfs}/devices/system/cpu/cpu0`;
  let slot = 0;
  let arm = false;
  return {
    name: 'cpu_temperature',
    collectors: ['hwmon', 'thermal_zone'],
    discover(draft) {
      arm = inode(`${cpu0}/regs/identification/midr_el1`) !== undefined;
      if (sensors.slots(arm).length === 0) throw new NoData("no sensor here is a CPU's own");
      slot = draft.slot(CPU_TEMPERATURE.temperature);
    },
    sample(values) {
      let hottest = Number.NaN;
      for (const s of sensors.slots(arm)) {
        const value = values[s] as number;
        if (!(value <= hottest)) hottest = Number.isNaN(value) ? hottest : value;
      }
      values[slot] = hottest;
      return SAMPLE.ok;
    },
    close() {},
  };
}
