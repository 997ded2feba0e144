/**
 * AMD GPUs by the files of amdgpu alone: no library, nothing that its releases could change. See the kernel's
 * Documentation/gpu/amdgpu/driver-misc.rst and thermal.rst.
 */
import type { Backend, Reader } from './backend.ts';
import { SysfsCard } from './sysfs-card.ts';
import { SYSFS_GROUPS } from './sysfs-groups.ts';

export interface SysfsBackendOptions {
  /** Told once of what cannot be read, not at each poll. */
  readonly complain: (message: string) => void;
}

export function sysfsBackend({ complain }: SysfsBackendOptions): Backend {
  return {
    name: 'sysfs',
    version: undefined,
    open() {},
    attach(card): Reader {
      const files = new SysfsCard(card, complain);
      return {
        begin: () => files.begin(),
        read(group, out) {
          for (const read of SYSFS_GROUPS[group]) read(files, out);
        },
      };
    },
    close() {},
  };
}
