/**
 * /etc/dgx-release of NVIDIA's DGX OS: shell assignments, of which DGX_OTA_* are appended at each
 * update, so the last one counts. DGX_SERIAL_NUMBER is left where it is.
 */
import { join } from 'node:path';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { DGX } from '../catalog/host/dgx.ts';
import { readAssignments } from './assignments.ts';
import { constantSource } from './constant-source.ts';

export interface DgxRelease {
  /** `DGX Spark` */
  readonly name: string;
  /** `NVIDIA DGX Spark` */
  readonly prettyName: string;
  /** `DGX Server for DGX H100` */
  readonly platform: string;
  /** What the machine was delivered with. */
  readonly buildVersion: string;
  readonly buildDate: string;
  /** The last update; empty before the first. */
  readonly otaVersion: string;
  readonly otaDate: string;
}

const releaseFile = (rootfs: string): string => join(rootfs, 'etc/dgx-release');

/** Undefined where this is no DGX. */
export function dgxRelease(rootfs: string): DgxRelease | undefined {
  const assigned = readAssignments(releaseFile(rootfs));
  if (assigned === undefined) return undefined;
  const said = (name: string): string => assigned.get(name) ?? '';
  return {
    name: said('DGX_NAME'),
    prettyName: said('DGX_PRETTY_NAME'),
    platform: said('DGX_PLATFORM'),
    buildVersion: said('DGX_SWBUILD_VERSION'),
    buildDate: said('DGX_SWBUILD_DATE'),
    otaVersion: said('DGX_OTA_VERSION'),
    otaDate: said('DGX_OTA_DATE'),
  };
}

export function dgx(paths: Paths): Source {
  return constantSource({
    name: 'dgx',
    collectors: ['dgx'],
    look(draft, assign) {
      const release = dgxRelease(paths.rootfs);
      if (release === undefined) throw new NoData(`${releaseFile(paths.rootfs)}: not there`);
      const labels = {
        name: release.name,
        pretty_name: release.prettyName,
        platform: release.platform,
        build_version: release.buildVersion,
        build_date: release.buildDate,
        ota_version: release.otaVersion,
        ota_date: release.otaDate,
      };
      assign(draft.slot(DGX.release, labels), 1);
    },
  });
}
