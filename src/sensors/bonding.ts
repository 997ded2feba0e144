/** /sys/class/net/BOND/bonding. https://docs.kernel.org/networking/bonding.html */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { BONDING } from '../catalog/host/bonding.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { readText } from './sysfs.ts';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

export function bonding(paths: Paths, guard: Guard): Source {
  const root = `${paths.sysfs}/class/net`;
  return deviceSource({
    name: 'bonding',
    collectors: ['bonding'],
    guard,
    directories() {
      const masters = readText(`${root}/bonding_masters`);
      if (masters === undefined) throw new NoData(`${root}/bonding_masters: not there`);
      return words(masters).map((name) => `${root}/${name}`);
    },
    describe(device, draft) {
      const master = device.directory.slice(root.length + 1);
      const slaves = words(device.watch('bonding/slaves') ?? '');
      // Older kernels call the link slave_NAME.
      const state = (slave: string): string | undefined =>
        readText(device.path(`lower_${slave}/bonding_slave/mii_status`)) ??
        readText(device.path(`slave_${slave}/bonding_slave/mii_status`));
      device.constant(draft.slot(BONDING.slaves, { master }), slaves.length);
      device.computed(draft.slot(BONDING.active, { master }), () => {
        const states = slaves.map(state);
        return states.includes(undefined) ? Number.NaN : states.filter((s) => s === 'up').length;
      });
    },
  });
}
