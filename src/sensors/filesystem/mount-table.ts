/** The table of mounts, and which of them are asked how full they are. */
import { readFileSync } from 'node:fs';
import { NoData } from '../../board/source.ts';
import { nameFilter } from '../filter.ts';
import { type Mount, parseMountinfo, remotePoints, utf8 } from './mountinfo.ts';

/** Regular expressions over mount points and types, as node_exporter's flags have them. */
export interface MountOptions {
  readonly mountPointsExclude: string;
  /** Unless empty, it takes the place of the exclude. */
  readonly mountPointsInclude: string;
  readonly fsTypesExclude: string;
  readonly fsTypesInclude: string;
}

/** A mount that is asked. */
export interface Wanted {
  readonly mount: Mount;
  /** Mount point as users know it. */
  readonly point: string;
  /** Where this process finds it. */
  readonly path: Buffer;
  /** Whether it asks somebody else, who may not answer. */
  readonly remote: boolean;
}

/** Makes of a table's text the mounts that the options want. */
export function wantedMounts(rootfs: string, options: MountOptions): (text: string) => Wanted[] {
  const wantedPoint = filter(options, 'mountPointsInclude', 'mountPointsExclude');
  const wantedType = filter(options, 'fsTypesInclude', 'fsTypesExclude');
  return (text) => {
    const all = parseMountinfo(text);
    const remote = remotePoints(all);
    return all.flatMap((mount) => {
      const inside = stripRoot(mount.point, rootfs);
      const point = utf8(inside);
      if (!wantedPoint(point) || !wantedType(utf8(mount.type))) return [];
      return { mount, point, path: below(rootfs, inside), remote: remote.has(mount.point) };
    });
  };
}

/** One character per byte. Falls back to this process's own mounts where the first process's are hidden. */
export function readTable(procfs: string): string {
  try {
    return readFileSync(`${procfs}/1/mountinfo`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EPERM') throw error;
  }
  try {
    return readFileSync(`${procfs}/self/mountinfo`, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NoData(`${procfs}/1/mountinfo, ${procfs}/self/mountinfo: not there`);
  }
}

type Filter = keyof MountOptions;

function filter(
  options: MountOptions,
  include: Filter,
  exclude: Filter,
): (name: string) => boolean {
  return options[include] === ''
    ? nameFilter('', options[exclude])
    : nameFilter(options[include], '');
}

/** A mount point without the `--path.rootfs` that our own table of mounts has it below. */
function stripRoot(point: string, rootfs: string): string {
  const root = Buffer.from(rootfs).toString('latin1');
  if (root === '/' || !(point === root || point.startsWith(`${root}/`))) return point;
  return point.slice(root.length) || '/';
}

function below(rootfs: string, point: string): Buffer {
  const root = rootfs === '/' ? '' : rootfs;
  return Buffer.concat([Buffer.from(root), Buffer.from(point, 'latin1')]);
}
