/**
 * Sizes and offsets of ROCm SMI's structs, in bytes, the same on x86_64 and aarch64; test/abi/rocm-smi.test.ts
 * compares all of it with rocm_smi.h of 5.2.3, 6.1.2 and 6.4.1. Two of them changed with ROCm 6, and a third
 * grows at its end with every few releases. The soname says nothing of it.
 */
import type { StructLayout } from './layout.ts';

/** rsmi_version_t. `build` points to a static text. */
export const VERSION = {
  c: 'rsmi_version_t',
  bytes: 24,
  u32: { major: 0, minor: 4, patch: 8 },
  ptr: { build: 16 },
} as const satisfies StructLayout;

/** rsmi_frequencies_t until ROCm 5: hertz, or transfers per second. `current` is an index. */
export const FREQUENCIES_5 = {
  c: 'rsmi_frequencies_t',
  bytes: 264,
  u32: { num_supported: 0, current: 4 },
  array: { frequency: [8, 8, 32] },
} as const satisfies StructLayout;

/** The same since ROCm 6: the first may be that of deep sleep, and `current` all ones where none is. */
export const FREQUENCIES_6 = {
  c: 'rsmi_frequencies_t',
  bytes: 280,
  u8: { has_deep_sleep: 0 },
  u32: { num_supported: 4, current: 8 },
  array: { frequency: [16, 8, 33] },
} as const satisfies StructLayout;

/** rsmi_pcie_bandwidth_t: an rsmi_frequencies_t, and lanes for each of it. */
export const BANDWIDTH_5 = {
  c: 'rsmi_pcie_bandwidth_t',
  bytes: 392,
  array: { lanes: [264, 4, 32] },
} as const satisfies StructLayout;

/** The same since ROCm 6. */
export const BANDWIDTH_6 = {
  c: 'rsmi_pcie_bandwidth_t',
  bytes: 416,
  array: { lanes: [280, 4, 33] },
} as const satisfies StructLayout;

/** rsmi_error_count_t: since the driver was loaded. */
export const ERROR_COUNT = {
  c: 'rsmi_error_count_t',
  bytes: 16,
  u64: { correctable_err: 0, uncorrectable_err: 8 },
} as const satisfies StructLayout;

/** rsmi_retired_page_record_t. `status`: 0 retired, 1 will be, 2 cannot be. */
export const RETIRED_PAGE = {
  c: 'rsmi_retired_page_record_t',
  bytes: 24,
  u32: { status: 16 },
  u64: { page_address: 0, page_size: 8 },
} as const satisfies StructLayout;

/** rsmi_gpu_metrics_t until ROCm 5, which is the driver's table 1.1. Per cent, MHz, lanes. */
export const METRICS_5 = {
  c: 'rsmi_gpu_metrics_t',
  bytes: 96,
  u16: { average_mm_activity: 20, current_vclk0: 60 },
} as const satisfies StructLayout;

/** The same since ROCm 6.1, of all the driver's tables. mV, Gb/s, kilobytes. */
export const METRICS_6 = {
  c: 'rsmi_gpu_metrics_t',
  bytes: 424,
  u16: {
    ...METRICS_5.u16,
    voltage_soc: 104,
    voltage_gfx: 106,
    voltage_mem: 108,
    xgmi_link_width: 136,
    xgmi_link_speed: 138,
  },
  u32: { pcie_nak_sent_count_acc: 416, pcie_nak_rcvd_count_acc: 420 },
  u64: {
    indep_throttle_status: 112,
    pcie_l0_to_recov_count_acc: 160,
    pcie_replay_rover_count_acc: 176,
  },
  array: {
    vcn_activity: [122, 2, 4],
    xgmi_read_data_acc: [184, 8, 8],
    xgmi_write_data_acc: [248, 8, 8],
    current_vclk0s: [336, 2, 4],
    jpeg_activity: [352, 2, 32],
  },
} as const satisfies StructLayout;

/**
 * The same since ROCm 6.3, in which numbers of partitions follow that grow with every few releases; `bytes` is what
 * comes before them. What a library does not fill is all ones, as it was when it was called: so this is the only
 * one that is read by.
 */
export const METRICS = {
  c: 'rsmi_gpu_metrics_t',
  bytes: 472,
  u16: METRICS_6.u16,
  u32: METRICS_6.u32,
  u64: {
    ...METRICS_6.u64,
    accumulation_counter: 424,
    prochot_residency_acc: 432,
    ppt_residency_acc: 440,
    socket_thm_residency_acc: 448,
    vr_thm_residency_acc: 456,
    hbm_thm_residency_acc: 464,
  },
  array: METRICS_6.array,
} as const satisfies StructLayout;
