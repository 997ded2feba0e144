/** os-release(5), below the root file system. */
import { join } from 'node:path';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { OS } from '../catalog/host/os.ts';
import { readAssignments } from './assignments.ts';
import { constantSource } from './constant-source.ts';

const PLACES = ['etc/os-release', 'usr/lib/os-release'];

/** What the operating system says of itself; undefined where it says nothing. */
export function osRelease(rootfs: string): ReadonlyMap<string, string> | undefined {
  for (const place of PLACES) {
    const release = readAssignments(join(rootfs, place));
    if (release !== undefined) return release;
  }
  return undefined;
}

export function os(paths: Paths): Source {
  return constantSource({
    name: 'os',
    collectors: ['os'],
    look(draft, assign) {
      const release = osRelease(paths.rootfs);
      if (release === undefined)
        throw new NoData(`${join(paths.rootfs, 'etc/os-release')}: not there`);
      // Each label is called as its variable, in small letters.
      const labels = (names: readonly string[] = []): Record<string, string> =>
        Object.fromEntries(names.map((name) => [name, release.get(name.toUpperCase()) ?? '']));
      assign(draft.slot(OS.info, labels(OS.info.labels)), 1);
      const version = /^\d+(?:\.\d*)?/.exec(release.get('VERSION_ID') ?? '')?.[0];
      if (version !== undefined && Number(version) > 0) {
        assign(draft.slot(OS.version, labels(OS.version.labels)), Number(version));
      }
      const end = release.get('SUPPORT_END') ?? '';
      // A date alone is midnight UTC.
      const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(end) ? Date.parse(end) : Number.NaN;
      if (!Number.isNaN(milliseconds)) assign(draft.slot(OS.supportEnd), milliseconds / 1000);
    },
  });
}
