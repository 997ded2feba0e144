import { dcgm, GPU, gpuSignals } from './gpu.ts';

/** None of these on integrated GPUs, whose link is a placeholder. */
export const GPU_PCIE = gpuSignals('pcie', {
  generation: {
    type: 'gauge',
    help: 'Generation of PCIe that the link runs at now; idle GPUs lower it.',
    native: 'gpu_pcie_link_generation',
  },
  generationMax: {
    type: 'gauge',
    help: 'Highest generation of PCIe that GPU and slot can do.',
    native: 'gpu_pcie_link_generation_max',
  },
  width: {
    type: 'gauge',
    help: 'Lanes of the PCIe link that are in use.',
    native: 'gpu_pcie_link_width',
  },
  widthMax: {
    type: 'gauge',
    help: 'Most lanes that GPU and slot can use.',
    native: 'gpu_pcie_link_width_max',
  },
  replays: {
    type: 'counter',
    help: 'PCIe packets that had to be sent again.',
    native: 'gpu_pcie_replays_total',
    dcgm: dcgm('DCGM_FI_DEV_PCIE_REPLAY_COUNTER'),
  },
  /** AMD; NVML tells the generation. */
  speed: {
    type: 'gauge',
    help: 'Transfers per second on each lane of the PCIe link.',
    native: 'gpu_pcie_link_transfers_per_second',
  },
  speedMax: {
    type: 'gauge',
    help: 'Highest transfers per second on each lane that GPU and slot can do.',
    native: 'gpu_pcie_link_transfers_per_second_max',
  },
});

/**
 * NVIDIA: the gauges come from GPM; without it from the counters (NVML fields 197, 198), over a poll if they
 * have 64 bits, otherwise in 20 ms; without those from nvmlDeviceGetPcieThroughput, whose KB is taken for
 * 1000 bytes (NVML does not say; with 1024 it would be 2.4 % more). The totals of counters of 32 bits are
 * given where GPM tells how often they wrapped, and nowhere else.
 */
export const GPU_PCIE_THROUGHPUT = gpuSignals('pcie_throughput', {
  transmitRate: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes per second that the GPU sent over PCIe: over the last poll, or in 20 ms of every tenth where the driver does not count that far.',
    native: 'gpu_pcie_tx_bytes',
    dcgm: dcgm('DCGM_FI_PROF_PCIE_TX_BYTES'),
  },
  receiveRate: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes per second that the GPU received over PCIe: over the last poll, or in 20 ms of every tenth where the driver does not count that far.',
    native: 'gpu_pcie_rx_bytes',
    dcgm: dcgm('DCGM_FI_PROF_PCIE_RX_BYTES'),
  },
  transmitted: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes that the GPU sent over PCIe. Left out where the counter of the driver wraps too soon to be followed.',
    native: 'gpu_pcie_transmit_bytes_total',
  },
  received: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes that the GPU received over PCIe. Left out where the counter of the driver wraps too soon to be followed.',
    native: 'gpu_pcie_receive_bytes_total',
  },
});

/** NVML field id → label `error`. */
export const PCIE_ERROR_FIELDS: Readonly<Record<number, string>> = {
  95: 'replay_rollover',
  169: 'l0_to_recovery',
  173: 'correctable',
  174: 'naks_received',
  175: 'receiver',
  176: 'bad_tlp',
  177: 'naks_sent',
  178: 'bad_dllp',
  179: 'non_fatal',
  180: 'fatal',
  181: 'unsupported_request',
  182: 'lcrc',
  183: 'lane',
};

export const GPU_PCIE_ERRORS = gpuSignals('pcie_errors', {
  errors: {
    type: 'counter',
    help: 'Errors of the PCIe link by kind; what one error causes may be counted under several.',
    labels: [...GPU, 'error'],
    native: 'gpu_pcie_errors_total',
  },
});
