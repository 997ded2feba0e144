/** /sys/class/watchdog. Looking at a watchdog does not pet it. https://docs.kernel.org/watchdog/ */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { WATCHDOG } from '../catalog/host/watchdog.ts';
import type { Signal } from '../catalog/signal.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { files, inode, list } from './sysfs.ts';

const { info, ...NUMBERS } = WATCHDOG;
const SIGNALS: Readonly<Record<string, Signal>> = NUMBERS;

export function watchdog(paths: Paths, guard: Guard): Source {
  const root = `${paths.sysfs}/class/watchdog`;
  return deviceSource({
    name: 'watchdog',
    collectors: ['watchdog'],
    guard,
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root).map((name) => `${root}/${name}`);
    },
    describe(device, draft) {
      const name = device.directory.slice(root.length + 1);
      const text = (attribute: string): string => device.watch(attribute) ?? '';
      const labels = {
        identity: text('identity'),
        name,
        options: text('options'),
        pretimeout_governor: text('pretimeout_governor'),
        state: text('state'),
        status: text('status'),
      };
      device.constant(draft.slot(info, labels));
      for (const file of files(device.directory)) {
        const signal = Object.hasOwn(SIGNALS, file) ? SIGNALS[file] : undefined;
        if (signal !== undefined) device.number(file, draft.slot(signal, { name }));
      }
    },
  });
}
