/** The processes of a machine, as far as everybody may see them. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Guard } from '../../board/guard.ts';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Field 22 of proc_pid_stat(5), clock ticks since boot: with the pid it names a process for good. */
  readonly startTime: number;
  /** Words of the command line, or the title that the process gave itself as one. */
  readonly command: readonly string[];
}

/**
 * Reads /proc/PID/stat and /proc/PID/cmdline of every process. The second waits for a process whose memory
 * map is locked, so the guard is asked first. Kernel threads have no command line and are left out.
 */
export function readProcesses(procfs: string, guard: Guard): Map<number, Process> {
  const out = new Map<number, Process>();
  const names = readdirSync(procfs).filter((name) => /^\d+$/.test(name));
  for (const name of names.sort((a, b) => Number(a) - Number(b))) {
    if (!guard.enter(`process ${name}`)) continue;
    const process = readProcess(procfs, Number(name));
    guard.leave();
    if (process !== undefined) out.set(process.pid, process);
  }
  return out;
}

/** Undefined of one that has ended, and of a kernel thread. */
function readProcess(procfs: string, pid: number): Process | undefined {
  try {
    const command = words(readFileSync(`${procfs}/${pid}/cmdline`, 'utf8'));
    if (command.length === 0) return undefined;
    const stat = readFileSync(`${procfs}/${pid}/stat`, 'utf8');
    // The name before may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), startTime: Number(fields[19]), command };
  } catch {
    return undefined;
  }
}

/** Bytes of a command line that are looked at: a model and a port stand in its beginning. */
const LONGEST = 16_384;

const words = (cmdline: string): string[] =>
  cmdline
    .slice(0, LONGEST)
    .split('\0')
    .filter((word) => word !== '');

type Table = ReadonlyMap<number, Process>;

/** The children of each process; made once for a table, which many ask. */
const indexes = new WeakMap<Table, ReadonlyMap<number, readonly number[]>>();

function childrenIn(processes: Table): ReadonlyMap<number, readonly number[]> {
  const known = indexes.get(processes);
  if (known !== undefined) return known;
  const index = new Map<number, number[]>();
  for (const { pid, parent } of processes.values()) {
    const children = index.get(parent);
    if (children === undefined) index.set(parent, [pid]);
    else children.push(pid);
  }
  indexes.set(processes, index);
  return index;
}

/** The pids of a process and of all that descend from it. */
export function familyOf(root: number, processes: Table): Set<number> {
  const children = childrenIn(processes);
  const family = new Set([root]);
  // A set is walked through to what was added to it on the way.
  for (const pid of family) for (const child of children.get(pid) ?? []) family.add(child);
  return family;
}
