import { dcgm, GPU, type GpuRow, gpuSignals } from './gpu.ts';

const total = (help: string, name: string): GpuRow => ({
  type: 'counter',
  help: 'Memory errors. Lifetime volatile: since the driver was loaded; aggregate: since the GPU was made.',
  labels: [...GPU, 'lifetime', 'error'],
  native: 'gpu_ecc_errors_total',
  dcgm: dcgm(name, { help }),
});

/**
 * One family, a row per pair of labels because DCGM has a name for each. Labels `lifetime` (`volatile`,
 * `aggregate`) and `error` (`corrected`, `uncorrected`). AMD: `volatile` alone, the sum over blocks.
 */
export const GPU_ECC_ERRORS = gpuSignals(
  'ecc',
  {
    volatileCorrected: total(
      'Corrected memory errors since the driver was loaded.',
      'DCGM_FI_DEV_ECC_SBE_VOL_TOTAL',
    ),
    volatileUncorrected: total(
      'Uncorrected memory errors since the driver was loaded.',
      'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
    ),
    aggregateCorrected: total(
      'Corrected memory errors of all times.',
      'DCGM_FI_DEV_ECC_SBE_AGG_TOTAL',
    ),
    aggregateUncorrected: total(
      'Uncorrected memory errors of all times.',
      'DCGM_FI_DEV_ECC_DBE_AGG_TOTAL',
    ),
  },
  'errors',
);

const retired = (help: string, name: string): GpuRow => ({
  type: 'counter',
  help: 'Pages of memory that are no longer used, by the kind of error that they had.',
  labels: [...GPU, 'cause'],
  native: 'gpu_retired_pages_total',
  dcgm: dcgm(name, { help }),
});

const remapped = (help: string, name: string): GpuRow => ({
  type: 'counter',
  help: 'Rows of memory that were replaced by spare ones, by the kind of error that they had.',
  labels: [...GPU, 'error'],
  native: 'gpu_remapped_rows_total',
  dcgm: dcgm(name, { help }),
});

export const GPU_ECC = gpuSignals('ecc', {
  enabled: {
    type: 'gauge',
    help: 'Whether error correction of the memory is on.',
    native: 'gpu_ecc_enabled',
  },
  enabledPending: {
    type: 'gauge',
    help: 'Whether error correction of the memory will be on after the next reset.',
    native: 'gpu_ecc_enabled_pending',
  },
  sramThresholdExceeded: {
    type: 'gauge',
    help: 'Whether there were so many uncorrected errors in SRAM that the GPU should be replaced.',
    native: 'gpu_ecc_sram_threshold_exceeded',
  },
  /** Label `cause` is `single_bit`. Before Ampere; newer GPUs remap rows. */
  retiredSingleBit: retired(
    'Pages retired because of single-bit errors.',
    'DCGM_FI_DEV_RETIRED_SBE',
  ),
  /** Label `cause` is `double_bit`. */
  retiredDoubleBit: retired(
    'Pages retired because of double-bit errors.',
    'DCGM_FI_DEV_RETIRED_DBE',
  ),
  retiredPending: {
    type: 'gauge',
    help: 'Whether pages will be retired at the next reboot.',
    native: 'gpu_retired_pages_pending',
    dcgm: dcgm('DCGM_FI_DEV_RETIRED_PENDING'),
  },
  /** AMD. Label `state`: `retired`, `pending`, `unreservable` (in use by what cannot be moved). */
  badPages: {
    type: 'gauge',
    help: 'Pages of memory that the driver knows to be bad, by what became of them.',
    labels: [...GPU, 'state'],
    native: 'gpu_bad_pages',
  },
  /** Label `error` is `corrected`. */
  remappedCorrected: remapped(
    'Rows remapped because of corrected errors.',
    'DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS',
  ),
  /** Label `error` is `uncorrected`. */
  remappedUncorrected: remapped(
    'Rows remapped because of uncorrected errors.',
    'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS',
  ),
  remapPending: {
    type: 'gauge',
    help: 'Whether rows will be remapped at the next reset.',
    native: 'gpu_row_remap_pending',
  },
  remapFailure: {
    type: 'gauge',
    help: 'Whether remapping a row has ever failed: the GPU should be replaced.',
    native: 'gpu_row_remap_failure',
    dcgm: dcgm('DCGM_FI_DEV_ROW_REMAP_FAILURE'),
  },
});

export const GPU_ECC_DETAIL = gpuSignals('ecc_detail', {
  /**
   * `block`: NVML's memory locations (`l1`, `l2`, `dram`, `register_file`, `texture`, `sram`, `cbu`),
   * or AMD's RAS blocks (`umc`, `sdma`, `gfx`, `mmhub` …); `error` also `deferred` there.
   */
  blockErrors: {
    type: 'counter',
    help: 'Memory errors by part of the chip.',
    labels: [...GPU, 'block', 'lifetime', 'error'],
    native: 'gpu_ecc_block_errors_total',
  },
  /** `check`: `parity`, `secded`. */
  sramUncorrected: {
    type: 'counter',
    help: 'Uncorrected errors in SRAM, by how they were found.',
    labels: [...GPU, 'lifetime', 'check'],
    native: 'gpu_ecc_sram_uncorrected_errors_total',
  },
  /** `unit`: `l2`, `sm`, `microcontroller`, `pcie`, `other`. */
  sramUnitErrors: {
    type: 'counter',
    help: 'Uncorrected errors in SRAM since the GPU was made, by the unit that the memory belongs to.',
    labels: [...GPU, 'unit'],
    native: 'gpu_ecc_sram_unit_errors_total',
  },
  /** `spare`: `max`, `high`, `partial`, `low`, `none`. */
  banks: {
    type: 'gauge',
    help: 'Banks of memory by how many spare rows they have left.',
    labels: [...GPU, 'spare'],
    native: 'gpu_row_remap_banks',
  },
});
