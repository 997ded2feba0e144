import { signals } from '../signal.ts';

/** /sys/class/nvme/CONTROLLER; temperatures come from hwmon. */
export const NVME = signals('nvme', {
  info: {
    type: 'gauge',
    help: 'What an NVMe controller says of itself, and its state, with the value 1.',
    labels: ['device', 'firmware_revision', 'model', 'serial', 'state'],
    native: 'nvme_info',
    node: 'node_nvme_info',
  },
});
