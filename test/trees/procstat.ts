import { pick, picks, range } from './number.ts';
import { lines, type Tree } from './tree.ts';

/** What /proc/stat, /proc/loadavg and /proc/schedstat of a machine are made from. */
export interface ProcStat {
  /** Seeds every number of the machine. */
  readonly host: string;
  /** Online CPUs: the kernel leaves the others out of both files. */
  readonly cpus: readonly number[];
  readonly uptimeSeconds: number;
  readonly bootTime: number;
  /** Guest time is part of user time: only a machine that runs guests has any. */
  readonly guests: boolean;
  readonly interruptLines: number;
  readonly runnable: number;
  readonly blocked: number;
  /** `0.12 0.34 0.56`, as the first three columns of /proc/loadavg. */
  readonly load: string;
  readonly schedstatVersion: number;
}

/** Ticks of 1/100 s: user nice system idle iowait irq softirq steal guest guest_nice. */
function ticks(spec: ProcStat, cpu: number): number[] {
  const key = `${spec.host} cpu${cpu}`;
  const share = (mode: string, from: number, to: number) =>
    pick(`${key} ${mode}`, spec.uptimeSeconds * from * 100, spec.uptimeSeconds * to * 100);
  const user = share('user', 0.1, 0.3);
  const nice = share('nice', 0.01, 0.02);
  return [
    user,
    nice,
    share('system', 0.03, 0.08),
    share('idle', 0.4, 0.6),
    share('iowait', 0.002, 0.009),
    share('irq', 0.0002, 0.0009),
    share('softirq', 0.001, 0.0018),
    spec.guests ? 0 : share('steal', 0.00002, 0.00015),
    spec.guests ? Math.floor(user / 3) : 0,
    spec.guests ? Math.floor(nice / 7) : 0,
  ];
}

/** Adds proc/stat (proc_stat(5)). */
export function stat(tree: Tree, spec: ProcStat): void {
  const rows = spec.cpus.map((cpu) => ticks(spec, cpu));
  const total = range(10).map((i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0));
  const interrupts = picks(`${spec.host} intr`, spec.interruptLines, 0, 90_000).map((count, i) =>
    i % 5 === 0 ? count : 0,
  );
  const vectors = picks(`${spec.host} softirq`, 10, 1_000, 80_000_000);
  lines(tree, 'proc/stat', [
    `cpu  ${total.join(' ')}`,
    ...rows.map((row, i) => `cpu${spec.cpus[i]} ${row.join(' ')}`),
    `intr ${pick(`${spec.host} interrupts`, 2e9, 9e10)} ${interrupts.join(' ')}`,
    `ctxt ${pick(`${spec.host} context switches`, 3e9, 2e11)}`,
    `btime ${spec.bootTime}`,
    `processes ${pick(`${spec.host} forks`, 200_000, 90_000_000)}`,
    `procs_running ${spec.runnable}`,
    `procs_blocked ${spec.blocked}`,
    `softirq ${vectors.reduce((sum, count) => sum + count, 0)} ${vectors.join(' ')}`,
  ]);
}

/** Adds proc/loadavg and proc/uptime. */
export function load(tree: Tree, spec: ProcStat): void {
  const tasks = pick(`${spec.host} tasks`, 200, 2_500);
  lines(tree, 'proc/loadavg', [
    `${spec.load} ${spec.runnable}/${tasks} ${pick(`${spec.host} last pid`, 10_000, 4_000_000)}`,
  ]);
  const idle = pick(`${spec.host} idle`, 1e5, 9e7);
  lines(tree, 'proc/uptime', [`${spec.uptimeSeconds}.42 ${idle}.17`]);
}

/** Adds proc/schedstat: of nine numbers per CPU the last three are running, waiting, timeslices. */
export function schedstat(tree: Tree, spec: ProcStat): void {
  lines(tree, 'proc/schedstat', [
    `version ${spec.schedstatVersion}`,
    `timestamp ${4_294_667_296 + spec.uptimeSeconds * 250}`,
    ...spec.cpus.flatMap((cpu) => {
      const key = `${spec.host} schedstat cpu${cpu}`;
      const running = pick(`${key} running`, 1e14, 8e15);
      const waiting = pick(`${key} waiting`, 1e12, 9e13);
      const slices = pick(`${key} slices`, 1e7, 9e9);
      return [
        `cpu${cpu} 0 0 0 0 0 0 ${running} ${waiting} ${slices}`,
        `domain0 ffffffff ${picks(`${key} domain`, 36, 0, 5_000).join(' ')}`,
      ];
    }),
  ]);
}
