/** Memory errors: ECC counts, retired pages, remapped rows. */
import { PageList, RETURN, type RowHistogram, type SramErrors } from '../../../ffi/nvml.ts';
import { GPU_ECC, GPU_ECC_DETAIL, GPU_ECC_ERRORS } from '../../catalog/gpu/ecc.ts';
import type { Signal } from '../../catalog/signal.ts';
import type { Gpu, Group } from './group.ts';
import { count, flag, u32 } from './policy.ts';
import { type Column, one, type Question, Table } from './table.ts';

/** nvmlMemoryErrorType_t and nvmlEccCounterType_t: positions are the numbers. */
const ERRORS = ['corrected', 'uncorrected'] as const;
const LIFETIMES = ['volatile', 'aggregate'] as const;
/** nvmlMemoryLocation_t; what is not here no driver with ECC counts. */
const BLOCKS = { l1: 0, l2: 1, dram: 2, register_file: 3, texture: 4, cbu: 6, sram: 7 } as const;

export const ecc: Group = {
  name: 'ecc',
  every: 10,
  attach: (gpu) =>
    new Table(gpu, [
      mode(gpu),
      ...totals(gpu),
      threshold(gpu),
      retired(gpu, 0, [GPU_ECC.retiredSingleBit, { cause: 'single_bit' }]),
      retired(gpu, 1, [GPU_ECC.retiredDoubleBit, { cause: 'double_bit' }]),
      one(
        gpu,
        GPU_ECC.retiredPending,
        () => gpu.nvml.u32('retiredPagesPendingStatus', gpu.handle),
        flag,
      ),
      remapped(gpu),
    ]),
};

export const eccDetail: Group = {
  name: 'ecc_detail',
  every: 10,
  attach: (gpu) => new Table(gpu, [...blocks(gpu), sram(gpu), banks(gpu)]),
};

function mode(gpu: Gpu): Question {
  return {
    series: [GPU_ECC.enabled, GPU_ECC.enabledPending],
    ask(answer) {
      answer[0] = flag(gpu.nvml.u32('eccMode', gpu.handle));
      answer[1] = flag(gpu.nvml.more(1));
      return gpu.nvml.rc;
    },
  };
}

/** By lifetime and error. */
const TOTALS: readonly (readonly Signal[])[] = [
  [GPU_ECC_ERRORS.volatileCorrected, GPU_ECC_ERRORS.volatileUncorrected],
  [GPU_ECC_ERRORS.aggregateCorrected, GPU_ECC_ERRORS.aggregateUncorrected],
];

function totals(gpu: Gpu): Question[] {
  return LIFETIMES.flatMap((lifetime, l) =>
    ERRORS.map((error, e) =>
      one(
        gpu,
        [TOTALS[l]?.[e] as Signal, { lifetime, error }],
        () => gpu.nvml.u64('totalEccErrors', gpu.handle, e, l),
        count,
      ),
    ),
  );
}

function blocks(gpu: Gpu): Question[] {
  return Object.entries(BLOCKS).flatMap(([block, location]) =>
    LIFETIMES.flatMap((lifetime, l) =>
      ERRORS.map((error, e) =>
        one(
          gpu,
          [GPU_ECC_DETAIL.blockErrors, { block, lifetime, error }],
          () => gpu.nvml.u64('memoryErrorCounter', gpu.handle, e, l, location),
          count,
        ),
      ),
    ),
  );
}

function threshold(gpu: Gpu): Question {
  const out = noErrors();
  return {
    series: [GPU_ECC.sramThresholdExceeded],
    ask(answer) {
      const rc = gpu.nvml.health.sramErrors(gpu.handle, out);
      if (rc === RETURN.success) answer[0] = flag(out.thresholdExceeded);
      return rc;
    },
  };
}

/** Label `lifetime` or `unit`, and where the number is. */
const CHECKS: readonly (readonly [lifetime: string, check: string, key: keyof SramErrors])[] = [
  ['volatile', 'parity', 'volatileParity'],
  ['volatile', 'secded', 'volatileSecDed'],
  ['aggregate', 'parity', 'aggregateParity'],
  ['aggregate', 'secded', 'aggregateSecDed'],
];
const UNITS = ['l2', 'sm', 'microcontroller', 'pcie', 'other'] as const;

function sram(gpu: Gpu): Question {
  const out = noErrors();
  const keys = [...CHECKS.map(([, , key]) => key), ...UNITS];
  return {
    series: [
      ...CHECKS.map(
        ([lifetime, check]): Column => [GPU_ECC_DETAIL.sramUncorrected, { lifetime, check }],
      ),
      ...UNITS.map((unit): Column => [GPU_ECC_DETAIL.sramUnitErrors, { unit }]),
    ],
    ask(answer) {
      const rc = gpu.nvml.health.sramErrors(gpu.handle, out);
      if (rc !== RETURN.success) return rc;
      for (let i = 0; i < keys.length; i++) answer[i] = count(out[keys[i] as keyof SramErrors]);
      return rc;
    },
  };
}

const noErrors = (): SramErrors => ({
  aggregateParity: 0,
  aggregateSecDed: 0,
  aggregateCorrected: 0,
  volatileParity: 0,
  volatileSecDed: 0,
  volatileCorrected: 0,
  l2: 0,
  sm: 0,
  microcontroller: 0,
  pcie: 0,
  other: 0,
  thresholdExceeded: 0,
});

/** What the last question was answered. */
const pages = new PageList();

/** `cause`: nvmlPageRetirementCause_t. */
function retired(gpu: Gpu, cause: number, series: Column): Question {
  return {
    series: [series],
    ask(answer) {
      const rc = gpu.nvml.health.retiredPages(gpu.handle, cause, pages);
      if (rc === RETURN.success) answer[0] = pages.length;
      return rc;
    },
  };
}

function remapped(gpu: Gpu): Question {
  return {
    series: [
      [GPU_ECC.remappedCorrected, { error: 'corrected' }],
      [GPU_ECC.remappedUncorrected, { error: 'uncorrected' }],
      GPU_ECC.remapPending,
      GPU_ECC.remapFailure,
    ],
    ask(answer) {
      answer[0] = u32(gpu.nvml.u32('remappedRows', gpu.handle));
      answer[1] = u32(gpu.nvml.more(1));
      answer[2] = flag(gpu.nvml.more(2));
      answer[3] = flag(gpu.nvml.more(3));
      return gpu.nvml.rc;
    },
  };
}

const SPARES = ['max', 'high', 'partial', 'low', 'none'] as const;

function banks(gpu: Gpu): Question {
  const out: RowHistogram = { max: 0, high: 0, partial: 0, low: 0, none: 0 };
  return {
    series: SPARES.map((spare): Column => [GPU_ECC_DETAIL.banks, { spare }]),
    ask(answer) {
      const rc = gpu.nvml.health.rowHistogram(gpu.handle, out);
      if (rc !== RETURN.success) return rc;
      for (let i = 0; i < SPARES.length; i++) answer[i] = u32(out[SPARES[i] as keyof RowHistogram]);
      return rc;
    },
  };
}
