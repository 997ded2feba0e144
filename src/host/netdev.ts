/**
 * /proc/net/dev: a line per interface, `  eth0: 386120673 9561 0 …`, 16 columns. The kernel sums detailed
 * errors there as node_exporter does for its netlink values (drop = dropped + missed, frame = length +
 * over + crc + frame, carrier = carrier + aborted + window + heartbeat).
 * https://docs.kernel.org/networking/statistics.html
 */
import { existsSync } from 'node:fs';
import type { Paths } from '../board/paths.ts';
import { NETDEV, NETDEV_COLUMNS } from '../catalog/host/netdev.ts';
import { type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { type FileSource, fileSource } from './file-source.ts';
import { NoHandlerCounters } from './no-handler.ts';
import { utf8 } from './reader.ts';

export interface NetdevOptions extends DeviceFilterOptions {
  /** Regular expression: interfaces in the native dialect; without it those that have a device behind them. */
  readonly native?: string;
}

/** Traffic of network interfaces. NoData without the file. */
export function netdev(paths: Paths, options: NetdevOptions = {}): FileSource {
  const wanted = deviceFilter(options);
  const native = options.native === undefined ? undefined : new RegExp(options.native);
  const interfaces = `${paths.sysfs}/class/net`;
  const noHandler = new NoHandlerCounters(interfaces);
  const table = fileSource({
    name: 'netdev',
    collectors: ['netdev'],
    files: [
      {
        path: `${paths.procfs}/net/dev`,
        shape({ tokens }, program, draft) {
          const label = tokens[0];
          if (label === undefined) return;
          program.word(label);
          if (!label.endsWith(':')) return;
          // Before 4.18 a name could hold a colon (`eth0:1`): only the last one ends it.
          const bytes = label.slice(0, -1);
          const device = utf8(bytes);
          if (!wanted(device)) return;
          const shown = native?.test(device) ?? hasDevice(interfaces, bytes);
          const labels = { device, physical: shown ? 'yes' : 'no' };
          for (const signal of NETDEV_COLUMNS) program.number(draft.slot(signal, labels));
          noHandler.add(device, () => draft.slot(NETDEV.receiveNoHandler, labels));
        },
      },
    ],
    after: (values) => noHandler.sample(values),
  });
  return {
    ...table,
    discover(draft) {
      noHandler.clear();
      table.discover(draft);
    },
    close() {
      noHandler.clear();
      table.close();
    },
  };
}

/** Whether hardware is behind an interface: bridges, bonds, veth, VLANs and lo have no `device` link. */
function hasDevice(interfaces: string, bytes: string): boolean {
  const path = Buffer.from(
    `${Buffer.from(interfaces).toString('latin1')}/${bytes}/device`,
    'latin1',
  );
  return existsSync(path);
}
