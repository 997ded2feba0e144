/** What the kernel says of a process and its children. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second as user space sees them on every Linux that we run on. */
const USER_HZ = 100;

/** The process and everything below it. */
export function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '),
  );
  return [pid, ...children.filter((c) => c.trim() !== '').flatMap((c) => family(Number(c)))];
}

/** The probe of one kind that a serving process has started. */
export function probeOf(pid: number, kind: string): number {
  const probe = family(pid).find((p) =>
    readFileSync(`/proc/${p}/cmdline`, 'utf8').includes(`\0probe\0${kind}\0`),
  );
  if (probe === undefined) throw new Error(`there is no probe ${kind}`);
  return probe;
}

/** Seconds of CPU time, user and system, that a process has used. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name may hold spaces: count from the parenthesis behind it. utime is field 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / USER_HZ;
}

export const cpuSecondsOfAll = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);

/** Bytes of anonymous memory that are resident: what a process has for itself. */
export function anonymousBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
