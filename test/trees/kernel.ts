import { pick } from './number.ts';
import { attributes, lines, type Tree } from './tree.ts';

/** Names and small numbers that the kernel keeps under proc/sys. */
export interface Kernel {
  readonly host: string;
  readonly domain: string;
  readonly release: string;
  readonly version: string;
  readonly cmdline: string;
  /** open, unused, maximum: proc/sys/fs/file-nr. */
  readonly fileNr: readonly [number, number, bigint];
  readonly entropy: { readonly available: number; readonly poolSize: number };
}

/** Adds proc/sys/kernel, proc/sys/fs, proc/version and proc/cmdline. */
export function kernel(tree: Tree, spec: Kernel): void {
  attributes(tree, 'proc/sys/kernel', {
    ostype: 'Linux',
    hostname: spec.host,
    domainname: spec.domain,
    osrelease: spec.release,
    version: spec.version,
    pid_max: 4_194_304,
    'threads-max': pick(`${spec.host} threads-max`, 30_000, 16_000_000),
  });
  attributes(tree, 'proc/sys/kernel/random', {
    boot_id: `${pick(spec.host, 1e7, 9e7)}-5bd1-4c0e-9d6e-3f5a1c7b9e02`,
    entropy_avail: spec.entropy.available,
    poolsize: spec.entropy.poolSize,
    urandom_min_reseed_secs: 60,
    write_wakeup_threshold: 896,
  });
  attributes(tree, 'proc/sys/fs', {
    'file-nr': spec.fileNr.join('\t'),
    'file-max': spec.fileNr[2],
    'inode-nr': `${pick(`${spec.host} inodes`, 50_000, 900_000)}\t${pick(`${spec.host} free inodes`, 100, 9_000)}`,
  });
  lines(tree, 'proc/version', [`Linux version ${spec.release} (fixture) ${spec.version}`]);
  lines(tree, 'proc/cmdline', [spec.cmdline]);
}

/**
 * Adds proc/pressure (Documentation/accounting/psi.rst). Kernels before 5.13 have no `full` line for
 * the CPU, and only kernels built with IRQ time accounting have a file for interrupts, of one line.
 */
export function pressure(
  tree: Tree,
  host: string,
  has: { readonly cpuFull: boolean; readonly irq: boolean },
): void {
  const row = (resource: string, kind: string, low: number, high: number) => {
    const average = (window: number) =>
      (pick(`${host} psi ${resource} ${kind} ${window}`, 1, 900) / 100).toFixed(2);
    const total = pick(`${host} psi ${resource} ${kind}`, low, high);
    return `${kind} avg10=${average(10)} avg60=${average(60)} avg300=${average(300)} total=${total}`;
  };
  const cpu = [row('cpu', 'some', 6e10, 9e10)];
  if (has.cpuFull) cpu.push(row('cpu', 'full', 1e9, 4e9));
  lines(tree, 'proc/pressure/cpu', cpu);
  for (const resource of ['io', 'memory']) {
    lines(tree, `proc/pressure/${resource}`, [
      row(resource, 'some', 2e10, 5e10),
      row(resource, 'full', 1e8, 9e9),
    ]);
  }
  if (has.irq) lines(tree, 'proc/pressure/irq', [row('irq', 'full', 1e7, 9e8)]);
}

/** Adds the clock sources; the first is the one in use. */
export function clocksource(tree: Tree, names: readonly string[]): void {
  attributes(tree, 'sys/devices/system/clocksource/clocksource0', {
    available_clocksource: `${names.join(' ')} `,
    current_clocksource: names[0] ?? '',
  });
}
