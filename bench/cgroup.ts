/** A control group of one's own, to see what the kernel keeps for a program: descriptors, sockets, pages. */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

export interface Group {
  /** Makes a command run in the group. */
  wrap(command: readonly string[]): string[];
  /** Bytes of kernel memory that are charged to it now. */
  kernelBytes(): number;
  /** When nothing runs in it any more. */
  remove(): void;
}

/** Undefined where groups cannot be made: no root, or no memory controller. */
export function memoryGroup(): Group | undefined {
  const name = `edgegauge-bench-${process.pid}`;
  const line = (controller: string): string | undefined =>
    new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(
      readFileSync('/proc/self/cgroup', 'utf8'),
    )?.[1];
  const first = line('memory');
  const parent = first === undefined ? join(ROOT, line('') ?? '/') : join(ROOT, 'memory', first);
  const directory = join(parent, name);
  try {
    mkdirSync(directory);
  } catch {
    return undefined;
  }
  return {
    wrap: (command) => [
      'sh',
      '-c',
      `echo $$ > ${directory}/cgroup.procs && exec "$@"`,
      'sh',
      ...command,
    ],
    kernelBytes: () => kernelBytes(directory),
    remove: () => rmdirSync(directory),
  };
}

/** NaN where the kernel does not say. Version 1 of the interface has a file for it, version 2 a line. */
function kernelBytes(directory: string): number {
  const first = join(directory, 'memory.kmem.usage_in_bytes');
  if (existsSync(first)) return Number(readFileSync(first, 'utf8'));
  const second = join(directory, 'memory.stat');
  if (!existsSync(second)) return Number.NaN;
  return Number(/^kernel (\d+)$/m.exec(readFileSync(second, 'utf8'))?.[1] ?? Number.NaN);
}
