/** /sys/devices/system/edac/mc: errors that memory controllers counted. https://docs.kernel.org/driver-api/edac.html */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { EDAC } from '../catalog/host/edac.ts';
import type { Signal } from '../catalog/signal.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { files, inode, list } from './sysfs.ts';

export function edac(paths: Paths, guard: Guard): Source {
  const root = `${paths.sysfs}/devices/system/edac/mc`;
  return deviceSource({
    name: 'edac',
    collectors: ['edac'],
    guard,
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root)
        .filter((name) => /^mc[0-9]+$/.test(name))
        .map((name) => `${root}/${name}`);
    },
    describe(device, draft) {
      const controller = device.directory.slice(`${root}/mc`.length);
      const count = (folder: string, file: string, signal: Signal, csrow?: string): void => {
        if (!files(device.path(folder)).includes(file)) return;
        const labels = csrow === undefined ? { controller } : { controller, csrow };
        device.number(`${folder}/${file}`, draft.slot(signal, labels));
      };
      count('.', 'ce_count', EDAC.correctable);
      count('.', 'ue_count', EDAC.uncorrectable);
      count('.', 'ce_noinfo_count', EDAC.rowCorrectable, 'unknown');
      count('.', 'ue_noinfo_count', EDAC.rowUncorrectable, 'unknown');
      for (const name of list(device.directory)) {
        const csrow = /^csrow([0-9]+)$/.exec(name)?.[1];
        if (csrow === undefined) continue;
        count(name, 'ce_count', EDAC.rowCorrectable, csrow);
        count(name, 'ue_count', EDAC.rowUncorrectable, csrow);
      }
    },
  });
}
