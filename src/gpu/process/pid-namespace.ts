/** Whose numbers of processes the kernel tells in sysfs. */
import { readlinkSync } from 'node:fs';
import type { Paths } from '../../board/paths.ts';

/** The machine's own PID namespace, as /proc/PID/ns/pid has it: PROC_PID_INIT_INO of the kernel's linux/proc_ns.h. */
const MACHINE = 'pid:[4026531836]';

/**
 * Whether sysfs numbers processes otherwise than /proc: files of sysfs tell the machine's pids in a container too,
 * where the same number is another process, or none. Somebody who mounts them elsewhere means those of the machine.
 */
export function hasOwnPids(
  { procfs, sysfs }: Pick<Paths, 'procfs' | 'sysfs'>,
  namespace: () => string = () => readlinkSync('/proc/self/ns/pid'),
): boolean {
  if (procfs !== '/proc' || sysfs !== '/sys') return false;
  try {
    return namespace() !== MACHINE;
  } catch {
    return false;
  }
}
