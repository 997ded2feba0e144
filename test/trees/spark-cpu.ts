import type { CpuTree } from './cpu.ts';
import { pick, range } from './number.ts';

/** Seeds every number of the Spark. */
export const SPARK_HOST = 'fixture-spark';

/** Of each ten CPUs the first five are Cortex-A725, the others Cortex-X925. */
function large(cpu: number): boolean {
  return cpu % 10 >= 5;
}

/** Arm's part numbers: X925 and A725. */
export function sparkPart(cpu: number): number {
  return large(cpu) ? 0xd85 : 0xd87;
}

/** Its CPUs: no x86 topology, no model name, a frequency range for each kind of core. */
export const SPARK_CPU: CpuTree = {
  host: SPARK_HOST,
  cpus: range(20).map((index) => ({ index, package: 36, core: index, node: 0, online: true })),
  isolated: '',
  cpu0Online: true,
  scaling: ({ index }) => {
    const maximum = large(index) ? 3_900_000 : 2_808_000;
    const minimum = large(index) ? 1_378_000 : 338_000;
    return {
      driver: 'cppc_cpufreq',
      governor: 'schedutil',
      governors: 'conservative ondemand userspace powersave performance schedutil',
      hardware: [minimum, maximum],
      limits: [minimum + 1_000, maximum - 1_000],
      current: pick(`${SPARK_HOST} frequency ${index}`, minimum, maximum),
      measured: pick(`${SPARK_HOST} measured ${index}`, minimum, maximum),
    };
  },
  more: ({ index }) => ({
    cpu_capacity: large(index) ? (index < 10 ? 997 : 1_024) : 718,
    // Implementer Arm, revision 1 of the part.
    'regs/identification/midr_el1': `0x00000000410f${sparkPart(index).toString(16)}1`,
    'regs/identification/revidr_el1': '0x0000000000000000',
  }),
};
