import { pick } from './number.ts';
import type { Processor } from './processor.ts';
import { lines, type Tree } from './tree.ts';

/** What an x86 /proc/cpuinfo says of each CPU beside its place. */
export interface IntelModel {
  readonly family: number;
  readonly model: number;
  readonly name: string;
  readonly stepping: number;
  readonly microcode: string;
  readonly cache: string;
  readonly flags: string;
  readonly bugs: string;
}

/** Adds an x86 proc/cpuinfo (arch/x86/kernel/cpu/proc.c) of the CPUs that are online. */
export function intelCpuinfo(
  tree: Tree,
  host: string,
  cpus: readonly Processor[],
  cpu: IntelModel,
): void {
  const threads = (socket: number) => cpus.filter((other) => other.package === socket);
  const cores = (socket: number) => new Set(threads(socket).map((other) => other.core)).size;
  lines(
    tree,
    'proc/cpuinfo',
    cpus
      .filter((it) => it.online)
      .flatMap((it) => {
        const mhz = pick(`${host} mhz ${it.index}`, 800_000, 3_800_000) / 1000;
        return [
          `processor\t: ${it.index}`,
          'vendor_id\t: GenuineIntel',
          `cpu family\t: ${cpu.family}`,
          `model\t\t: ${cpu.model}`,
          `model name\t: ${cpu.name}`,
          `stepping\t: ${cpu.stepping}`,
          `microcode\t: ${cpu.microcode}`,
          `cpu MHz\t\t: ${mhz.toFixed(3)}`,
          `cache size\t: ${cpu.cache}`,
          `physical id\t: ${it.package}`,
          `siblings\t: ${threads(it.package).length}`,
          `core id\t\t: ${it.core}`,
          `cpu cores\t: ${cores(it.package)}`,
          `apicid\t\t: ${it.index * 2}`,
          `initial apicid\t: ${it.index * 2}`,
          'fpu\t\t: yes',
          'fpu_exception\t: yes',
          'cpuid level\t: 32',
          'wp\t\t: yes',
          `flags\t\t: ${cpu.flags}`,
          `bugs\t\t: ${cpu.bugs}`,
          'bogomips\t: 4200.00',
          'clflush size\t: 64',
          'cache_alignment\t: 64',
          'address sizes\t: 52 bits physical, 57 bits virtual',
          'power management:',
          '',
        ];
      }),
  );
}

/** Adds an arm64 proc/cpuinfo (arch/arm64/kernel/cpuinfo.c): it names no model, only part numbers. */
export function armCpuinfo(tree: Tree, parts: readonly number[], features: string): void {
  lines(
    tree,
    'proc/cpuinfo',
    parts.flatMap((part, index) => [
      `processor\t: ${index}`,
      'BogoMIPS\t: 2000.00',
      `Features\t: ${features}`,
      'CPU implementer\t: 0x41',
      'CPU architecture: 8',
      'CPU variant\t: 0x0',
      `CPU part\t: 0x${part.toString(16)}`,
      'CPU revision\t: 1',
      '',
    ]),
  );
}
