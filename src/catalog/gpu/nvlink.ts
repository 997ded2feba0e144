import { dcgm, GPU, type GpuRow, gpuSignals } from './gpu.ts';

const LINK = [...GPU, 'link'];

const error = (help: string, name: string): GpuRow => ({
  type: 'counter',
  help: 'Errors on NVLink by kind, all links together.',
  labels: [...GPU, 'error'],
  native: 'gpu_nvlink_errors_total',
  dcgm: dcgm(name, { help }),
});

/** One family; a row per kind because DCGM has a name for each. The key is the label `error`. NVLink 4 and older. */
export const GPU_NVLINK_ERRORS = gpuSignals(
  'nvlink',
  {
    crc_flit: error(
      'NVLink flow-control packets with a wrong checksum.',
      'DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL',
    ),
    crc_data: error(
      'NVLink data packets with a wrong checksum.',
      'DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL',
    ),
    replay: error(
      'NVLink packets that had to be sent again.',
      'DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL',
    ),
    recovery: error(
      'How often an NVLink had to be trained again.',
      'DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL',
    ),
  },
  'errors',
);

export const GPU_NVLINK = gpuSignals('nvlink', {
  links: {
    type: 'gauge',
    help: 'NVLinks that are up.',
    native: 'gpu_nvlink_links_active',
  },
  transmitted: {
    type: 'counter',
    unit: 'bytes',
    help: 'Payload that the GPU sent over all its NVLinks.',
    native: 'gpu_nvlink_transmit_bytes_total',
  },
  received: {
    type: 'counter',
    unit: 'bytes',
    help: 'Payload that the GPU received over all its NVLinks.',
    native: 'gpu_nvlink_receive_bytes_total',
  },
  /** The rates of the two counters over the last poll; DCGM has them as rates alone. */
  transmitRate: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes per second that the GPU sent over NVLink, over the last poll.',
    dcgm: dcgm('DCGM_FI_PROF_NVLINK_TX_BYTES'),
  },
  receiveRate: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Bytes per second that the GPU received over NVLink, over the last poll.',
    dcgm: dcgm('DCGM_FI_PROF_NVLINK_RX_BYTES'),
  },
  /** Written as bytes per second. dcgm-exporter types it a counter, but what it holds is a rate. */
  bandwidth: {
    type: 'gauge',
    help: 'Bytes per second over NVLink, both directions together, over the last poll.',
    dcgm: dcgm('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', { scale: 1e-6, unit: 'MB/s' }),
  },
  c2cLinks: {
    type: 'gauge',
    help: 'Links between GPU and CPU chip (NVLink-C2C) that are up.',
    native: 'gpu_c2c_links_active',
  },
  /** nvmlGpuFabricState_t; absent where there is no fabric. */
  fabricState: {
    type: 'gauge',
    help: 'How far the GPU is with joining its NVLink fabric: 1 not started, 2 in progress, 3 done.',
    native: 'gpu_fabric_state',
  },
  /** nvmlReturn_t; only when the state is 3. */
  fabricStatus: {
    type: 'gauge',
    help: "Outcome of joining the fabric: 0 or the driver's error number.",
    native: 'gpu_fabric_status',
  },
  fabricDegraded: {
    type: 'gauge',
    help: 'Whether the fabric runs at less than its full bandwidth.',
    native: 'gpu_fabric_bandwidth_degraded',
  },
});

/** Every link. `link` is its number. */
export const GPU_NVLINK_LINKS = gpuSignals('nvlink_links', {
  up: {
    type: 'gauge',
    help: 'Whether this NVLink is up.',
    labels: LINK,
    native: 'gpu_nvlink_link_up',
  },
  /** `remote`: `gpu`, `switch`, `ibmnpu`, `unknown`. */
  info: {
    type: 'gauge',
    help: 'Version of the link and what it leads to, with the value 1.',
    labels: [...LINK, 'version', 'remote', 'remote_pci_bus_id', 'remote_link'],
    native: 'gpu_nvlink_link_info',
  },
  speed: {
    type: 'gauge',
    help: 'Bytes per second that this NVLink can carry in each direction.',
    labels: LINK,
    native: 'gpu_nvlink_link_speed_bytes_per_second',
  },
  transmitted: {
    type: 'counter',
    unit: 'bytes',
    help: 'Payload sent over this NVLink.',
    labels: LINK,
    native: 'gpu_nvlink_link_transmit_bytes_total',
  },
  received: {
    type: 'counter',
    unit: 'bytes',
    help: 'Payload received over this NVLink.',
    labels: LINK,
    native: 'gpu_nvlink_link_receive_bytes_total',
  },
  transmittedPackets: {
    type: 'counter',
    help: 'Packets sent over this NVLink.',
    labels: LINK,
    native: 'gpu_nvlink_link_transmit_packets_total',
  },
  receivedPackets: {
    type: 'counter',
    help: 'Packets received over this NVLink.',
    labels: LINK,
    native: 'gpu_nvlink_link_receive_packets_total',
  },
  /** `error`: `crc_flit`, `crc_data`, `replay`, `recovery`; NVLink 5 (fields 205 to 215): `malformed`, `buffer_overrun`, `receive`, `receive_remote`, `receive_general`, `local_integrity`, `transmit_discard`, `recovery_successful`, `recovery_failed`, `recovery_events`. */
  errors: {
    type: 'counter',
    help: 'Errors on this NVLink by kind.',
    labels: [...LINK, 'error'],
    native: 'gpu_nvlink_link_errors_total',
  },
  /** `kind`: `effective`, `symbol` (NVML fields 220, 222, decoded). */
  bitErrors: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of bits or symbols on this NVLink that were wrong.',
    labels: [...LINK, 'kind'],
    native: 'gpu_nvlink_link_bit_error_ratio',
  },
  c2cUp: {
    type: 'gauge',
    help: 'Whether this link between GPU and CPU chip is up.',
    labels: LINK,
    native: 'gpu_c2c_link_up',
  },
  c2cSpeed: {
    type: 'gauge',
    help: 'Bytes per second that this link between GPU and CPU chip can carry.',
    labels: LINK,
    native: 'gpu_c2c_link_speed_bytes_per_second',
  },
  /** `error`: `interrupt`, `replay`, `replay_b2b`. */
  c2cErrors: {
    type: 'counter',
    help: 'Errors on this link between GPU and CPU chip by kind.',
    labels: [...LINK, 'error'],
    native: 'gpu_c2c_link_errors_total',
  },
});

export const GPU_NVLINK_FEC = gpuSignals('nvlink_fec', {
  /** `errors`: 0 to 15, symbols that were wrong in a block (fields 235 to 250). */
  blocks: {
    type: 'counter',
    help: 'Blocks on this NVLink by how many symbols of theirs had to be corrected.',
    labels: [...LINK, 'errors'],
    native: 'gpu_nvlink_link_fec_blocks_total',
  },
});
