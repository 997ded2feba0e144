/** Small machines with mounts, and the source on them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Exposed } from '../../../test/exposed.ts';
import { HangFs } from '../../../test/fakes/hangfs.ts';
import { type Mount, mounts } from '../../../test/trees/mounts.ts';
import { type Guard, UNGUARDED } from '../guard.ts';
import { OnDisk } from '../tree.fixture.ts';
import type { Asker } from './asker.ts';
import {
  FILESYSTEM_DEFAULTS,
  type FilesystemOptions,
  type FilesystemSource,
  filesystem,
} from './filesystem.ts';

export const ROOT_MOUNT: Mount = { device: '/dev/sda1', number: '8:1', point: '/', type: 'ext4' };
export const DATA: Mount = { device: '/dev/sdb1', number: '8:17', point: '/data', type: 'xfs' };

export const machine = (...list: readonly Mount[]): OnDisk =>
  OnDisk.built((tree) => mounts(tree, list));

/** Replaces the table of mounts; mount points are not made. */
export function remount(disk: OnDisk, list: readonly Mount[]): void {
  rmSync(join(disk.root, 'proc'), { recursive: true });
  const tree = new Map();
  mounts(
    tree,
    list.map((m) => ({ ...m, missing: true })),
  );
  disk.add(tree);
}

interface SetUp {
  readonly options?: Partial<FilesystemOptions>;
  readonly guard?: Guard;
  readonly asker?: Asker;
}

export function expose(disk: OnDisk, { options = {}, guard = UNGUARDED, asker }: SetUp = {}) {
  const merged = { ...FILESYSTEM_DEFAULTS, ...options };
  const source: FilesystemSource = filesystem(disk.paths, guard, merged, asker);
  return { source, exposed: new Exposed(source) };
}

/** Which mount points a family shows. */
export const points = (lines: readonly string[], family: string): (string | undefined)[] =>
  lines
    .filter((line) => line.startsWith(`${family}{`))
    .map((line) => /mountpoint="([^"]*)"/.exec(line)?.[1]);

export const errors = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('node_filesystem_device_error'));

/** A machine whose /data is a FUSE file system; 4 × 1000000 kB of which 600000 blocks are free, 500000 for users. */
export async function fuseMachine(): Promise<{ disk: OnDisk; fs: HangFs } & AsyncDisposable> {
  const disk = machine(ROOT_MOUNT, { ...DATA, device: 'hangfs', type: 'fuse.hangfs' });
  const fs = await HangFs.mount({}, join(disk.root, 'data'));
  return {
    disk,
    fs,
    async [Symbol.asyncDispose]() {
      await fs[Symbol.asyncDispose]();
      disk[Symbol.dispose]();
    },
  };
}
