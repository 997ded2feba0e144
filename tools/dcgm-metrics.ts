/**
 * What dcgm-exporter's own lists of counters hold (default-counters.csv and dcp-metrics-included.csv of
 * versions 3 and 4) and the rest of its PROF set, so that docs/METRICS.md can say of each whether the
 * `dcgm` dialect has it. `on`: dcgm-exporter shows it unless told otherwise.
 */
export interface DcgmMetric {
  readonly name: string;
  readonly on: boolean;
  /** A text that becomes a label of the other metrics. */
  readonly label: boolean;
}

const list = (prefix: string, names: string, on: boolean, label = false): DcgmMetric[] =>
  names.split(' ').map((name) => ({ name: `${prefix}${name}`, on, label }));

export const DCGM_METRICS: readonly DcgmMetric[] = [
  ...list('DCGM_FI_DEV_', 'SM_CLOCK MEM_CLOCK MEMORY_TEMP GPU_TEMP POWER_USAGE', true),
  ...list('DCGM_FI_DEV_', 'TOTAL_ENERGY_CONSUMPTION PCIE_REPLAY_COUNTER', true),
  ...list('DCGM_FI_DEV_', 'PCIE_TX_THROUGHPUT PCIE_RX_THROUGHPUT', true),
  ...list('DCGM_FI_DEV_', 'GPU_UTIL MEM_COPY_UTIL ENC_UTIL DEC_UTIL XID_ERRORS', true),
  ...list('DCGM_FI_DEV_', 'POWER_VIOLATION THERMAL_VIOLATION SYNC_BOOST_VIOLATION', false),
  ...list('DCGM_FI_DEV_', 'BOARD_LIMIT_VIOLATION LOW_UTIL_VIOLATION RELIABILITY_VIOLATION', false),
  ...list('DCGM_EXP_', 'CLOCK_EVENTS_COUNT XID_ERRORS_COUNT GPU_HEALTH_STATUS P2P_STATUS', false),
  ...list('DCGM_FI_DEV_', 'FB_FREE FB_USED FB_RESERVED', true),
  ...list('DCGM_FI_DEV_ECC_', 'SBE_VOL_TOTAL DBE_VOL_TOTAL SBE_AGG_TOTAL DBE_AGG_TOTAL', false),
  ...list('DCGM_FI_DEV_RETIRED_', 'SBE DBE PENDING', false),
  ...list('DCGM_FI_DEV_NVLINK_', 'CRC_FLIT_ERROR_COUNT_TOTAL CRC_DATA_ERROR_COUNT_TOTAL', false),
  ...list('DCGM_FI_DEV_NVLINK_', 'REPLAY_ERROR_COUNT_TOTAL RECOVERY_ERROR_COUNT_TOTAL', false),
  ...list('DCGM_FI_DEV_NVLINK_', 'BANDWIDTH_TOTAL', true),
  ...list('DCGM_FI_DEV_NVLINK_', 'BANDWIDTH_L0', false),
  ...list('DCGM_FI_DEV_', 'VGPU_LICENSE_STATUS', true),
  ...list('DCGM_FI_DEV_', 'UNCORRECTABLE_REMAPPED_ROWS CORRECTABLE_REMAPPED_ROWS', true),
  ...list('DCGM_FI_DEV_', 'ROW_REMAP_FAILURE', true),
  ...list('DCGM_FI_', 'DRIVER_VERSION', true, true),
  ...list('DCGM_FI_', 'NVML_VERSION', false, true),
  ...list('DCGM_FI_DEV_', 'BRAND SERIAL VBIOS_VERSION INFOROM_IMAGE_VER', false, true),
  ...list('DCGM_FI_DEV_', 'OEM_INFOROM_VER ECC_INFOROM_VER POWER_INFOROM_VER', false, true),
  ...list('DCGM_FI_PROF_', 'GR_ENGINE_ACTIVE PIPE_TENSOR_ACTIVE DRAM_ACTIVE', true),
  ...list('DCGM_FI_PROF_', 'PCIE_TX_BYTES PCIE_RX_BYTES', true),
  ...list('DCGM_FI_PROF_', 'SM_ACTIVE SM_OCCUPANCY', false),
  ...list('DCGM_FI_PROF_PIPE_', 'FP64_ACTIVE FP32_ACTIVE FP16_ACTIVE INT_ACTIVE', false),
  ...list('DCGM_FI_PROF_PIPE_TENSOR_', 'DFMA_ACTIVE HMMA_ACTIVE IMMA_ACTIVE', false),
  ...list('DCGM_FI_PROF_', 'NVLINK_TX_BYTES NVLINK_RX_BYTES', false),
];

/** Why one of these is not in the dialect, by a pattern that its name matches. */
export const DCGM_REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /_PCIE_[TR]X_THROUGHPUT$/,
    'Gone from dcgm-exporter itself; `DCGM_FI_PROF_PCIE_TX_BYTES` and `DCGM_FI_PROF_PCIE_RX_BYTES` are there.',
  ],
  [
    /^DCGM_EXP_XID_ERRORS_COUNT$/,
    'A count over a window, typed as a counter, that goes down: `gpu_xid_errors_total` of the native dialect only goes up.',
  ],
  [
    /^DCGM_EXP_CLOCK_EVENTS_COUNT$/,
    'A count over a window, typed as a counter, that goes down: native has `gpu_clock_event_active` and `gpu_clock_event_seconds_total`.',
  ],
  [
    /^DCGM_EXP_GPU_HEALTH_STATUS$/,
    "A verdict of DCGM's own health checks; native has `gpu_recovery_action`, the driver's.",
  ],
  [/^DCGM_EXP_P2P_STATUS$/, 'Not read: a constant for each pair of GPUs.'],
  [
    /_NVLINK_BANDWIDTH_L0$/,
    'Native has every link: `gpu_nvlink_link_transmit_bytes_total` and `_receive_`.',
  ],
  [/_VGPU_LICENSE_STATUS$/, 'Not read: licences of guests are the business of the licence server.'],
  [
    /^DCGM_FI_(NVML_VERSION|DEV_(SERIAL|VBIOS_VERSION|INFOROM_IMAGE_VER))$/,
    'A label there; here in `gpu_info` or `gpu_driver_info` of the native dialect.',
  ],
  [/_(BRAND|(OEM|ECC|POWER)_INFOROM_VER)$/, 'Not read: a label that never changes.'],
];

/** What a query written for dcgm-exporter meets that is otherwise here. */
export const DCGM_DIFFERENCES: readonly string[] = [
  'A value that is not known is left out. DCGM writes 0 or a sentinel for some of them, such as memory temperature and encoder utilization on a DGX Spark.',
  'The host name is in `hostname`, as dcgm-exporter 4.8 and newer spell it; `gpu.dcgm_hostname_label: Hostname` gives the older spelling.',
  '`DCGM_FI_PROF_*_ACTIVE` and `_SM_OCCUPANCY` come from the driver (GPM): Hopper and newer, no privilege needed. On older GPUs they are left out.',
  '`DCGM_FI_PROF_PIPE_FP64_ACTIVE`, `_FP32_ACTIVE`, `_FP16_ACTIVE`, `_INT_ACTIVE` and those of single tensor pipes need `gpu.metrics.gpm_detail`.',
  'With MIG on, memory and what comes from GPM are given per GPU instance, with `GPU_I_PROFILE` and `GPU_I_ID`. What belongs to the whole GPU (temperature, power, clocks, errors) is given once, without these labels; dcgm-exporter repeats it for each instance.',
  'Where GPU and CPU share their memory (DGX Spark), `DCGM_FI_DEV_FB_*` are about that of the machine; DCGM has none.',
  '`DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL` (MB/s) and `DCGM_FI_DEV_RETIRED_PENDING` (0 or 1) are gauges, which they are by their values; dcgm-exporter types them as counters.',
  '`DCGM_FI_DEV_XID_ERRORS` has no labels `err_code` and `err_msg`: its value is the code, and a series does not change its identity with it.',
  '`DCGM_FI_PROF_PCIE_TX_BYTES` and `_RX_BYTES` are there on GPUs without GPM too: from byte counters of 64 bits over a poll, otherwise measured in 20 ms of every tenth poll.',
  'Values may have decimals where DCGM cuts them off (MiB).',
  'Labels `pod`, `namespace` and `container` are not part of a series here.',
];
