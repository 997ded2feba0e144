import { GPU, gpuSignals } from './gpu.ts';

const LINK = [...GPU, 'link'];

/** Links between AMD GPUs. Not the driver's xgmi_error: whoever reads it clears it for everybody else. */
export const GPU_XGMI = gpuSignals('xgmi', {
  up: {
    type: 'gauge',
    help: 'Whether this XGMI link is up.',
    labels: LINK,
    native: 'gpu_xgmi_link_up',
  },
  width: {
    type: 'gauge',
    help: 'Lanes of each XGMI link.',
    native: 'gpu_xgmi_link_width',
  },
  speed: {
    type: 'gauge',
    help: 'Transfers per second on each lane of an XGMI link.',
    native: 'gpu_xgmi_link_transfers_per_second',
  },
  transmitted: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes sent over this XGMI link.',
    labels: LINK,
    native: 'gpu_xgmi_link_transmit_bytes_total',
  },
  received: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes received over this XGMI link.',
    labels: LINK,
    native: 'gpu_xgmi_link_receive_bytes_total',
  },
});
