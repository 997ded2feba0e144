/** /sys/class/thermal. https://docs.kernel.org/driver-api/thermal/sysfs-api.html */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { THERMAL_ZONE } from '../catalog/host/thermal-zone.ts';
import type { CpuSensors } from './cpu-sensors.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { celsius } from './numbers.ts';
import { inode, list, readText } from './sysfs.ts';

/** `cpu`: told which of the zones are a CPU's own. */
export function thermalZone(paths: Paths, guard: Guard, cpu?: CpuSensors): Source {
  const root = `${paths.sysfs}/class/thermal`;
  return deviceSource({
    name: 'thermal_zone',
    collectors: ['thermal_zone'],
    guard,
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root)
        .filter((name) => /^(thermal_zone|cooling_device)[0-9]/.test(name))
        .map((name) => `${root}/${name}`);
    },
    begin() {
      cpu?.clearZones();
    },
    describe(device, draft) {
      const type = readText(device.path('type'));
      if (type === undefined) return;
      const zone = /thermal_zone([^/]*)$/.exec(device.directory)?.[1];
      if (zone === undefined) cooler(device, draft, type);
      else {
        const slot = draft.slot(THERMAL_ZONE.temperature, { zone, type });
        device.number('temp', slot, { reading: celsius(1000) });
        cpu?.addZone(type, slot);
      }
    },
  });
}

function cooler(device: Device, draft: Draft, type: string): void {
  const name = /cooling_device([^/]*)$/.exec(device.directory)?.[1] ?? '';
  const labels = { name, type };
  device.number('cur_state', draft.slot(THERMAL_ZONE.coolingState, labels));
  device.number('max_state', draft.slot(THERMAL_ZONE.coolingMaximum, labels), { slow: true });
}
