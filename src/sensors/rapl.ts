/**
 * /sys/class/powercap: energy counters of processors. Since CVE-2020-8694 the kernel lets root alone
 * read them. https://docs.kernel.org/power/powercap/powercap.html
 */
import { accessSync, constants } from 'node:fs';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { RAPL_LABELLED, raplSignal } from '../catalog/host/rapl.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { fraction } from './numbers.ts';
import { inode, list, readText } from './sysfs.ts';

export interface RaplOptions {
  /** One family with the label `rapl_zone` in the node dialect, in place of one family per zone. */
  readonly enableZoneLabel: boolean;
}

export const RAPL_DEFAULTS: RaplOptions = { enableZoneLabel: false };

export function rapl(paths: Paths, guard: Guard, options: RaplOptions = RAPL_DEFAULTS): Source {
  const root = `${paths.sysfs}/class/powercap`;
  /** Names without a number at their end are numbered as they come. */
  const seen = new Map<string, number>();
  return deviceSource({
    name: 'rapl',
    collectors: ['rapl'],
    guard,
    begin() {
      seen.clear();
    },
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root)
        .sort()
        .map((name) => `${root}/${name}`);
    },
    takes: (directory) => readable(`${directory}/energy_uj`),
    nothing: `no energy_uj below ${root} that may be read`,
    describe(device, draft) {
      const full = readText(device.path('name'));
      if (full === undefined) return;
      const [, base = full, number] = /^([^-]*)-(\d+)$/.exec(full) ?? [];
      const index = number === undefined ? (seen.get(base) ?? 0) : Number(number);
      seen.set(base, index + 1);
      const labels = {
        device: device.directory.slice(root.length + 1),
        index: `${index}`,
        path: device.directory,
        rapl_zone: base,
        zone: full,
      };
      const signal = options.enableZoneLabel ? RAPL_LABELLED : raplSignal(base);
      device.number('energy_uj', draft.slot(signal, labels), { reading: fraction(1e6) });
    },
  });
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
