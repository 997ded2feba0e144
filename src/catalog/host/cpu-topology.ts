import { signals } from '../signal.ts';

/** /sys/devices/system/cpu and /proc/cpuinfo: which CPUs there are, and how often they were throttled. */
export const CPU_TOPOLOGY = signals('cpu', {
  coreThrottles: {
    type: 'counter',
    help: 'How often this core was throttled because it was too hot.',
    labels: ['core', 'package'],
    node: 'node_cpu_core_throttles_total',
    native: 'cpu_core_throttles_total',
  },
  packageThrottles: {
    type: 'counter',
    help: 'How often this package was throttled because it was too hot.',
    labels: ['package'],
    node: 'node_cpu_package_throttles_total',
    native: 'cpu_package_throttles_total',
  },
  isolated: {
    type: 'gauge',
    help: 'A CPU that the scheduler leaves alone; always 1.',
    labels: ['cpu'],
    node: 'node_cpu_isolated',
  },
  online: {
    type: 'gauge',
    help: 'Whether this CPU runs.',
    labels: ['cpu'],
    node: 'node_cpu_online',
  },
  info: {
    type: 'gauge',
    help: 'What each running CPU is; always 1. The part is the number of an ARM design, the capacity its speed if that of the fastest design here is 1024.',
    labels: ['cpu', 'package', 'core', 'cluster', 'vendor', 'part', 'model', 'capacity'],
    native: 'cpu_info',
  },
  nodeInfo: {
    type: 'gauge',
    help: 'Fields of /proc/cpuinfo; always 1. Off unless collector.cpu.info is set.',
    labels: [
      'cachesize',
      'core',
      'cpu',
      'family',
      'microcode',
      'model',
      'model_name',
      'package',
      'stepping',
      'vendor',
    ],
    node: 'node_cpu_info',
  },
});
