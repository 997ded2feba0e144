/**
 * Who a process is: its name, container and user, read from /proc once and kept while it lives.
 *
 * nvmlSystemGetProcessName is not asked where /proc does not have it: it looks there itself, with the same
 * rights (NO_PERMISSION, NOT_FOUND), and answers a path or a command line, which is another label.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerOf } from './container.ts';
import { UserNames } from './user-names.ts';

/** The labels of a process. A type, so that it is a set of labels. */
export type ProcessLabels = {
  readonly pid: string;
  /** Empty where /proc does not have it: another PID namespace, or the process just ended. */
  readonly process: string;
  readonly container: string;
  /** Where it is asked for. */
  readonly user?: string;
};

/** Labels of what is not one process. */
export const NO_PROCESS = { pid: '', process: '', container: '' } as const;

export class ProcessIdentities {
  readonly #procfs: string | undefined;
  readonly #users: UserNames | undefined;
  readonly #known = new Map<number, ProcessLabels>();

  /** `procfs`: undefined where its pids are others' (pid-namespace.ts). `user`: say whose a process is. */
  constructor(paths: { procfs: string | undefined; rootfs: string }, user: boolean) {
    this.#procfs = paths.procfs;
    this.#users = user ? new UserNames(paths.rootfs) : undefined;
  }

  /** The same object for a pid until it is forgotten. */
  of(pid: number): ProcessLabels {
    const known = this.#known.get(pid) ?? this.#read(pid);
    this.#known.set(pid, known);
    return known;
  }

  /** Forgets those for whom `alive` is false: the kernel gives pids out again. */
  keep(alive: (pid: number) => boolean): void {
    for (const pid of this.#known.keys()) {
      if (!alive(pid)) this.#known.delete(pid);
    }
  }

  #read(pid: number): ProcessLabels {
    const labels = {
      pid: String(pid),
      process: this.#file(pid, 'comm').replace(/\n$/, ''),
      container: containerOf(this.#file(pid, 'cgroup')),
    };
    if (this.#users === undefined) return labels;
    // The real one; the owner of /proc/PID is root where a process may not be traced.
    const uid = /^Uid:\t(\d+)/m.exec(this.#file(pid, 'status'))?.[1];
    return { ...labels, user: uid === undefined ? '' : this.#users.of(uid) };
  }

  #file(pid: number, name: string): string {
    if (this.#procfs === undefined) return '';
    try {
      return readFileSync(join(this.#procfs, String(pid), name), 'utf8');
    } catch {
      return '';
    }
  }
}
