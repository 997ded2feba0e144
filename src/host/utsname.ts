/** What uname(2) says. Not redirected by `--path.procfs`: it is the running kernel that answers. */
import { readFileSync } from 'node:fs';
import os from 'node:os';

export interface Utsname {
  /** `Linux` */
  readonly sysname: string;
  /** `6.17.0-1026-nvidia` */
  readonly release: string;
  /** `#26-Ubuntu SMP …` */
  readonly version: string;
  /** `x86_64`, `aarch64` */
  readonly machine: string;
  readonly nodename: string;
  /** NIS domain, `(none)` as a rule. */
  readonly domainname: string;
}

export function utsname(): Utsname {
  return {
    sysname: os.type(),
    release: os.release(),
    version: os.version(),
    machine: os.machine(),
    nodename: os.hostname(),
    domainname: domainname(),
  };
}

/** The one field that node:os leaves out. Where /proc is hidden it is empty. */
function domainname(): string {
  try {
    return readFileSync('/proc/sys/kernel/domainname', 'utf8').trimEnd();
  } catch {
    return '';
  }
}
