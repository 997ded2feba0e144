import { GPU, GPU_OR_MIG, gpuSignals } from './gpu.ts';

/** What instances use and do is in gpu_memory_* and the families of `gpm`, with the labels of the instance. */
export const GPU_MIG = gpuSignals('mig', {
  enabled: {
    type: 'gauge',
    help: 'Whether the GPU is in MIG mode.',
    native: 'gpu_mig_enabled',
  },
  enabledPending: {
    type: 'gauge',
    help: 'Whether the GPU will be in MIG mode after the next reset.',
    native: 'gpu_mig_enabled_pending',
  },
  devices: {
    type: 'gauge',
    help: 'MIG devices on this GPU; left out when MIG is off.',
    native: 'gpu_mig_devices',
  },
  info: {
    type: 'gauge',
    help: 'A MIG device, with the value 1.',
    labels: [...GPU_OR_MIG, 'mig_uuid'],
    native: 'gpu_mig_info',
  },
  multiprocessors: {
    type: 'gauge',
    help: 'Multiprocessors of a MIG device.',
    labels: GPU_OR_MIG,
    native: 'gpu_mig_multiprocessors',
  },
  /** AMD. `compute`: `SPX`, `CPX` …; `memory`: `NPS1`, `NPS4` … */
  partition: {
    type: 'gauge',
    help: 'How the GPU is cut into partitions, with the value 1.',
    labels: [...GPU, 'compute', 'memory'],
    native: 'gpu_partition_info',
  },
});
