/** What the board shows of one mount. */
import type { StatsFs } from 'node:fs';
import type { Draft } from '../../board/layout.ts';
import { FILESYSTEM } from '../../catalog/host/filesystem.ts';
import type { Signal } from '../../catalog/signal.ts';
import type { Answer } from './asker.ts';
import type { Wanted } from './mount-table.ts';
import { utf8 } from './mountinfo.ts';

/** What `device_error` calls a mount that does not answer. */
export const STUCK = 'mountpoint timeout';

/** One mount, for as long as it is there. */
export interface Mounted extends Wanted {
  answer: Answer | undefined;
  /** Number of the sample after which the answer came. */
  answered: number;
  /** Why it does not say how full it is; `''` where it does. */
  error: string;
  /** The error that its series were declared with. */
  declared: string;
  slots: readonly { readonly slot: number; readonly value: (mounted: Mounted) => number }[];
}

/** A number of an answer; NaN without one, and while there is an error. */
const from =
  (value: (stats: StatsFs) => number) =>
  ({ answer, error }: Mounted): number =>
    typeof answer === 'object' && error === '' ? value(answer) : Number.NaN;

type Column = readonly [Signal, (mounted: Mounted) => number];

/** node_exporter multiplies with the block size, which is right unless fragments have another. */
const FULLNESS: readonly Column[] = [
  [FILESYSTEM.size, from((s) => s.blocks * s.bsize)],
  [FILESYSTEM.free, from((s) => s.bfree * s.bsize)],
  [FILESYSTEM.available, from((s) => s.bavail * s.bsize)],
  [FILESYSTEM.files, from((s) => s.files)],
  [FILESYSTEM.filesFree, from((s) => s.ffree)],
];

const STORAGE: readonly Column[] = [
  [FILESYSTEM.storageSize, from((s) => s.blocks * fragment(s))],
  [FILESYSTEM.storageAvailable, from((s) => s.bavail * fragment(s))],
  [FILESYSTEM.storageUsed, from(usedPercent)],
  [FILESYSTEM.storageReadonly, ({ mount }) => Number(mount.readonly)],
];

/** What blocks are counted in: statvfs(3)'s f_frsize. */
const fragment = (stats: StatsFs & { readonly frsize?: number }): number =>
  stats.frsize || stats.bsize;

function usedPercent({ blocks, bfree, bavail }: StatsFs): number {
  const used = blocks - bfree;
  return Math.round((used / (used + bavail)) * 1e8) / 1e6;
}

/** Declares its series as its error has them, and says what goes into which. */
export function declare(one: Mounted, draft: Draft): void {
  const { mount, point, error } = one;
  const device = utf8(mount.device);
  const mountpoint = { device, fstype: utf8(mount.type), mountpoint: point };
  const labels = { ...mountpoint, device_error: error };
  const slots: { slot: number; value: (mounted: Mounted) => number }[] = [];
  const add = (columns: readonly Column[], of: Readonly<Record<string, string>>): void => {
    for (const [signal, value] of columns) slots.push({ slot: draft.slot(signal, of), value });
  };
  add([[FILESYSTEM.readonly, () => Number(mount.readonly)]], labels);
  add([[FILESYSTEM.deviceError, (m) => (m.error === '' ? from(() => 0)(m) : 1)]], labels);
  if (error === '') {
    const { major, minor } = mount;
    add(FULLNESS, labels);
    add([[FILESYSTEM.mountInfo, () => 1]], { device, major, minor, mountpoint: point });
  }
  add(STORAGE, mountpoint);
  one.declared = error;
  one.slots = slots;
}
