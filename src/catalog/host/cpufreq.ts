import { type Row, signals } from '../signal.ts';

const hertz = (node: string, help: string): Row => ({
  type: 'gauge',
  unit: 'hertz',
  help,
  labels: ['cpu'],
  node,
});

/** /sys/devices/system/cpu/cpuN/cpufreq. https://docs.kernel.org/admin-guide/pm/cpufreq.html */
export const CPUFREQ = signals('cpufreq', {
  current: hertz('node_cpu_frequency_hertz', 'Frequency at which the hardware says that it runs.'),
  minimum: hertz('node_cpu_frequency_min_hertz', 'Lowest frequency of the hardware.'),
  maximum: hertz('node_cpu_frequency_max_hertz', 'Highest frequency of the hardware.'),
  scaling: hertz('node_cpu_scaling_frequency_hertz', 'Frequency that the kernel last set or saw.'),
  scalingMinimum: hertz('node_cpu_scaling_frequency_min_hertz', 'Lowest frequency in use.'),
  scalingMaximum: hertz('node_cpu_scaling_frequency_max_hertz', 'Highest frequency in use.'),
  governor: {
    type: 'gauge',
    help: 'Whether this is the governor that decides about the frequency.',
    labels: ['cpu', 'governor'],
    node: 'node_cpu_scaling_governor',
  },
  mean: {
    type: 'gauge',
    unit: 'mhz',
    help: 'Mean of the current frequencies of all CPUs that are online, in megahertz.',
    native: 'cpu_frequency_mhz',
  },
});
