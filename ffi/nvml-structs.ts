/**
 * Sizes and offsets of NVML's structs, in bytes, the same on x86_64 and aarch64 (both LP64, little-endian).
 * By C type, the fields that are read or written, with their units; which errors a call that fills one
 * answers, besides those that every call may (nvml.ts), stands at its method. test/abi/nvml.test.ts compares
 * all of it with nvml.h.
 * They have not changed from NVML 11.1 to 13.3; one that came later says since when.
 */

import type { StructLayout } from './layout.ts';

/** One struct. */
export interface Layout extends StructLayout {
  /** nvml.h's macro for the version word, which stands first in the struct, and the number of the version. */
  readonly version?: readonly [macro: string, number: number];
  /** NVML version whose header has it first, where that is later than 12.4. */
  readonly since?: string;
}

/** nvmlMemory_t, bytes. `used` includes what is reserved. */
export const MEMORY = {
  c: 'nvmlMemory_t',
  bytes: 24,
  u64: { total: 0, free: 8, used: 16 },
} as const satisfies Layout;

/** nvmlMemory_v2_t, bytes; driver 510 and later. */
export const MEMORY_V2 = {
  c: 'nvmlMemory_v2_t',
  bytes: 40,
  version: ['nvmlMemory_v2', 2],
  u32: { version: 0 },
  u64: { total: 8, reserved: 16, free: 24, used: 32 },
} as const satisfies Layout;

/** nvmlBAR1Memory_t, bytes. */
export const BAR1 = {
  c: 'nvmlBAR1Memory_t',
  bytes: 24,
  u64: { bar1Total: 0, bar1Free: 8, bar1Used: 16 },
} as const satisfies Layout;

/** nvmlUtilization_t, per cent. */
export const UTILIZATION = {
  c: 'nvmlUtilization_t',
  bytes: 8,
  u32: { gpu: 0, memory: 4 },
} as const satisfies Layout;

/** nvmlPciInfo_t as nvmlDeviceGetPciInfo_v3 and nvmlDeviceGetNvLinkRemotePciInfo_v2 fill it. */
export const PCI = {
  c: 'nvmlPciInfo_t',
  bytes: 68,
  u32: { domain: 16, bus: 20, device: 24, pciDeviceId: 28, pciSubSystemId: 32 },
  text: { busId: [36, 32] },
} as const satisfies Layout;

/** nvmlTemperature_v1_t, °C. */
export const TEMPERATURE = {
  c: 'nvmlTemperature_v1_t',
  bytes: 12,
  version: ['nvmlTemperature_v1', 1],
  since: '12.8',
  u32: { version: 0, sensorType: 4, temperature: 8 },
} as const satisfies Layout;

/** nvmlMarginTemperature_v1_t, °C below the slowdown. */
export const MARGIN_TEMPERATURE = {
  c: 'nvmlMarginTemperature_v1_t',
  bytes: 8,
  version: ['nvmlMarginTemperature_v1', 1],
  since: '12.8',
  u32: { version: 0, marginTemperature: 4 },
} as const satisfies Layout;

/** nvmlFanSpeedInfo_v1_t, revolutions per minute. */
export const FAN_SPEED = {
  c: 'nvmlFanSpeedInfo_v1_t',
  bytes: 12,
  version: ['nvmlFanSpeedInfo_v1', 1],
  since: '12.8',
  u32: { version: 0, fan: 4, speed: 8 },
} as const satisfies Layout;

/** nvmlDeviceAddressingMode_v1_t. */
export const ADDRESSING_MODE = {
  c: 'nvmlDeviceAddressingMode_v1_t',
  bytes: 8,
  version: ['nvmlDeviceAddressingMode_v1', 1],
  since: '13.0',
  u32: { version: 0, value: 4 },
} as const satisfies Layout;

/** nvmlC2cModeInfo_v1_t: it has a version macro and no version field. */
export const C2C_MODE = {
  c: 'nvmlC2cModeInfo_v1_t',
  bytes: 4,
  u32: { isC2cEnabled: 0 },
} as const satisfies Layout;

/** nvmlViolationTime_t: µs, ns. */
export const VIOLATION = {
  c: 'nvmlViolationTime_t',
  bytes: 16,
  u64: { referenceTime: 0, violationTime: 8 },
} as const satisfies Layout;

/** nvmlEccErrorCounts_t. */
export const ECC_COUNTS = {
  c: 'nvmlEccErrorCounts_t',
  bytes: 32,
  u64: { l1Cache: 0, l2Cache: 8, deviceMemory: 16, registerFile: 24 },
} as const satisfies Layout;

/** nvmlEccSramErrorStatus_v1_t, counts; driver 535 and later. */
export const SRAM_ERRORS = {
  c: 'nvmlEccSramErrorStatus_v1_t',
  bytes: 104,
  version: ['nvmlEccSramErrorStatus_v1', 1],
  u32: { version: 0, bThresholdExceeded: 96 },
  u64: {
    aggregateUncParity: 8,
    aggregateUncSecDed: 16,
    aggregateCor: 24,
    volatileUncParity: 32,
    volatileUncSecDed: 40,
    volatileCor: 48,
    aggregateUncBucketL2: 56,
    aggregateUncBucketSm: 64,
    aggregateUncBucketPcie: 72,
    aggregateUncBucketMcu: 80,
    aggregateUncBucketOther: 88,
  },
} as const satisfies Layout;

/** nvmlRowRemapperHistogramValues_t, banks. */
export const ROW_HISTOGRAM = {
  c: 'nvmlRowRemapperHistogramValues_t',
  bytes: 20,
  u32: { max: 0, high: 4, partial: 8, low: 12, none: 16 },
} as const satisfies Layout;

/** nvmlGpuFabricInfo_t, of nvmlDeviceGetGpuFabricInfo. */
export const FABRIC = {
  c: 'nvmlGpuFabricInfo_t',
  bytes: 28,
  u8: { state: 24 },
  u32: { status: 16, cliqueId: 20 },
  text: { clusterUuid: [0, 16] },
} as const satisfies Layout;

/** nvmlGpuFabricInfo_v2_t, of nvmlDeviceGetGpuFabricInfoV. */
export const FABRIC_V2 = {
  c: 'nvmlGpuFabricInfo_v2_t',
  bytes: 36,
  version: ['nvmlGpuFabricInfo_v2', 2],
  u8: { state: 28 },
  u32: { version: 0, status: 20, cliqueId: 24, healthMask: 32 },
  text: { clusterUuid: [4, 16] },
} as const satisfies Layout;

/** nvmlGpuFabricInfo_v3_t: one byte more, hence one word. */
export const FABRIC_V3 = {
  c: 'nvmlGpuFabricInfo_v3_t',
  bytes: 40,
  version: ['nvmlGpuFabricInfo_v3', 3],
  since: '13.0',
  u8: { state: 28, healthSummary: 36 },
  u32: { version: 0, status: 20, cliqueId: 24, healthMask: 32 },
  text: { clusterUuid: [4, 16] },
} as const satisfies Layout;

/** nvmlDeviceAttributes_t; memory in MiB. */
export const ATTRIBUTES = {
  c: 'nvmlDeviceAttributes_t',
  bytes: 40,
  u32: {
    multiprocessorCount: 0,
    sharedCopyEngineCount: 4,
    sharedDecoderCount: 8,
    sharedEncoderCount: 12,
    sharedJpegCount: 16,
    sharedOfaCount: 20,
    gpuInstanceSliceCount: 24,
    computeInstanceSliceCount: 28,
  },
  u64: { memorySizeMB: 32 },
} as const satisfies Layout;
