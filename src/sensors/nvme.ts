/**
 * /sys/class/nvme/CONTROLLER: which NVMe controllers there are and whether they live. Their temperatures
 * come from hwmon.
 */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { NVME } from '../catalog/host/nvme.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { inode, list } from './sysfs.ts';

/** Reads `paths.sysfs`; NoData where it has no class/nvme. */
export function nvme(paths: Paths, guard: Guard): Source {
  const directory = `${paths.sysfs}/class/nvme`;
  return deviceSource({
    name: 'nvme',
    collectors: ['nvme'],
    guard,
    directories() {
      if (inode(directory) === undefined) throw new NoData(`${directory}: not there`);
      return list(directory).map((name) => `${directory}/${name}`);
    },
    describe(device, draft) {
      const text = (attribute: string): string => device.watch(attribute) ?? '';
      const labels = {
        device: device.directory.slice(directory.length + 1),
        firmware_revision: text('firmware_rev'),
        model: text('model'),
        serial: text('serial'),
        state: text('state'),
      };
      device.constant(draft.slot(NVME.info, labels));
      return true;
    },
  });
}
