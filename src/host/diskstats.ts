/**
 * /proc/diskstats: a line per block device, `254 0 vda 78673 26122 …`; 11 numbers, 15 since 4.18
 * (discards), 17 since 5.5 (flushes). https://docs.kernel.org/admin-guide/iostats.html
 */
import type { Paths } from '../board/paths.ts';
import { DISKSTATS, DISKSTATS_COLUMNS, DISKSTATS_EXCLUDE } from '../catalog/host/diskstats.ts';
import { type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { type Constant, describeDisk } from './disk-info.ts';
import { type FileSource, fileSource } from './file-source.ts';
import type { Unit } from './program.ts';
import { utf8 } from './reader.ts';

export interface DiskstatsOptions extends DeviceFilterOptions {
  /** `--path.udev.data` */
  readonly udevData?: string;
}

const UDEV_DATA = '/run/udev/data';

/** The kernel counts sectors of 512 bytes whatever the device has, and milliseconds. */
const UNITS = new Map<object, Unit>([
  [DISKSTATS.readBytes, { times: 512 }],
  [DISKSTATS.writtenBytes, { times: 512 }],
  [DISKSTATS.readTime, { over: 1000 }],
  [DISKSTATS.writeTime, { over: 1000 }],
  [DISKSTATS.ioTime, { over: 1000 }],
  [DISKSTATS.ioTimeWeighted, { over: 1000 }],
  [DISKSTATS.discardTime, { over: 1000 }],
  [DISKSTATS.flushTime, { over: 1000 }],
]);

const FEWEST_COLUMNS = 11;

/** Traffic of block devices and what they are. NoData without the file. */
export function diskstats(paths: Paths, options: DiskstatsOptions = {}): FileSource {
  // Who says which devices to read means those, whatever is left out by default.
  const exclude = options.deviceExclude ?? DISKSTATS_EXCLUDE;
  const byDefault = options.deviceInclude && exclude === DISKSTATS_EXCLUDE;
  const wanted = deviceFilter({ ...options, deviceExclude: byDefault ? '' : exclude });
  const udevData = options.udevData ?? UDEV_DATA;
  let constants: Constant[] = [];
  const source = fileSource({
    name: 'diskstats',
    collectors: ['diskstats'],
    files: [
      {
        path: `${paths.procfs}/diskstats`,
        shape({ tokens }, program, draft) {
          const [major, minor, name, ...columns] = tokens;
          for (const word of tokens.slice(0, 3)) program.word(word);
          if (major === undefined || minor === undefined || name === undefined) return;
          const device = utf8(name);
          if (!wanted(device) || columns.length < FEWEST_COLUMNS) return;
          for (const [k, signal] of DISKSTATS_COLUMNS.entries()) {
            if (k >= columns.length) break;
            program.number(draft.slot(signal, { device }), UNITS.get(signal));
          }
          constants.push(...describeDisk(draft, { device, major, minor }, paths.sysfs, udevData));
        },
      },
    ],
    after(values) {
      for (let k = 0; k < constants.length; k++) {
        const { slot, value } = constants[k] as Constant;
        values[slot] = value;
      }
    },
  });
  return {
    ...source,
    discover(draft) {
      constants = [];
      source.discover(draft);
    },
  };
}
