/** The sources of the probe `sensors`: whatever touches a device, its firmware or a remote file system. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import type { Config } from '../config/config.ts';
import { bonding } from '../sensors/bonding.ts';
import { CpuSensors } from '../sensors/cpu-sensors.ts';
import { cpuTemperature } from '../sensors/cpu-temperature.ts';
import { cpuTopology } from '../sensors/cpu-topology.ts';
import { cpufreq } from '../sensors/cpufreq.ts';
import { edac } from '../sensors/edac.ts';
import { filesystem } from '../sensors/filesystem/filesystem.ts';
import type { Guard } from '../sensors/guard.ts';
import { hwmon } from '../sensors/hwmon.ts';
import { infiniband } from '../sensors/infiniband.ts';
import { netclass } from '../sensors/netclass.ts';
import { nvme } from '../sensors/nvme.ts';
import { powerSupplyClass } from '../sensors/powersupplyclass.ts';
import { rapl } from '../sensors/rapl.ts';
import { spbm } from '../sensors/spbm.ts';
import { textfile } from '../sensors/textfile/textfile.ts';
import { thermalZone } from '../sensors/thermal-zone.ts';
import { watchdog } from '../sensors/watchdog.ts';
import { enabled, optionsOf } from './options.ts';

export function sensorSources(config: Config, guard: Guard): Source[] {
  const paths: Paths = config.path;
  const options = <T extends object>(collector: string): T => optionsOf(config, collector);
  const cpu = new CpuSensors();
  return enabled(config, [
    bonding(paths, guard),
    cpuTopology(paths, guard, options('cpu')),
    cpufreq(paths, guard),
    edac(paths, guard),
    filesystem(paths, guard, options('filesystem')),
    hwmon(paths, guard, options('hwmon'), cpu),
    infiniband(paths, guard),
    netclass(paths, guard, options('netclass')),
    nvme(paths, guard),
    powerSupplyClass(paths, guard, options('powersupplyclass')),
    rapl(paths, guard, options('rapl')),
    spbm(paths, guard),
    textfile(paths, guard, options('textfile')),
    thermalZone(paths, guard, cpu),
    watchdog(paths, guard),
    // After those whose readings it looks at.
    cpuTemperature(paths, cpu),
  ]);
}
