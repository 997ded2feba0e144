import { signals } from '../signal.ts';
import { GPU } from './gpu.ts';

/** On whenever GPUs are read at all. */
export const GPU_INFO = signals('gpu', {
  /** Labels that the GPU has no value for are left out. */
  info: {
    type: 'gauge',
    help: 'What the GPU is, with the value 1.',
    labels: [
      ...GPU,
      'vendor',
      'architecture',
      'compute_capability',
      'pci_bus_id',
      'minor',
      'serial',
      'part_number',
      'vbios_version',
      'inforom_version',
      'gsp_version',
      'numa_node',
    ],
    native: 'gpu_info',
  },
  driver: {
    type: 'gauge',
    help: 'Versions of the driver, of the library through which it is asked, and of the compute interface (CUDA, ROCm), with the value 1.',
    labels: ['vendor', 'driver_version', 'library_version', 'compute_version'],
    native: 'gpu_driver_info',
  },
  /** Written also when it is 0 and when a GPU is lost: neither has the labels of a GPU. */
  devices: {
    type: 'gauge',
    help: 'GPUs that answer, by vendor.',
    labels: ['vendor'],
    native: 'gpu_devices',
  },
  /** Kept for each GPU that was ever seen by this probe, and across its restarts where the source can. */
  lost: {
    type: 'gauge',
    help: 'Whether this GPU was there and no longer answers.',
    labels: GPU,
    native: 'gpu_lost',
  },
});
