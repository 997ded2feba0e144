/** Whether SELinux is on, and what it does: selinuxfs at /sys/fs/selinux, and selinux_config(5). */
import { join } from 'node:path';
import type { Paths } from '../board/paths.ts';
import { SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { SELINUX } from '../catalog/host/selinux.ts';
import { readAssignments } from './assignments.ts';
import { readIfThere } from './present.ts';
import { contents, KernelFile } from './reader.ts';

const MODES: ReadonlyMap<string, number> = new Map([
  ['enforcing', 1],
  ['permissive', 0],
  ['disabled', -1],
]);

const ZERO = 48;

/** Without selinuxfs there is no SELinux: that is known, so it is a 0 and not nothing. */
export function selinux(paths: Paths): Source {
  const file = new KernelFile(`${paths.sysfs}/fs/selinux/enforce`);
  let enabled = -1;
  /** -1 where SELinux is off. */
  let current = -1;
  let config = -1;
  let configured = Number.NaN;
  return {
    name: 'selinux',
    collectors: ['selinux'],
    discover(draft) {
      enabled = draft.slot(SELINUX.enabled);
      const there = readIfThere(file) !== undefined;
      current = there ? draft.slot(SELINUX.currentMode) : -1;
      config = there ? draft.slot(SELINUX.configMode) : -1;
      configured = there ? configuredMode(paths.rootfs) : Number.NaN;
    },
    sample(values): SampleCode {
      values[enabled] = current < 0 ? 0 : 1;
      if (current < 0) return SAMPLE.ok;
      // One digit, without a newline behind it.
      const mode = file.read() === 1 ? (contents()[0] as number) - ZERO : Number.NaN;
      values[current] = mode === 0 || mode === 1 ? mode : Number.NaN;
      values[config] = configured;
      return SAMPLE.ok;
    },
    close: () => file.close(),
  };
}

function configuredMode(rootfs: string): number {
  const assigned = readAssignments(join(rootfs, 'etc/selinux/config'));
  return MODES.get(assigned?.get('SELINUX')?.toLowerCase() ?? '') ?? Number.NaN;
}
