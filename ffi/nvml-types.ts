/** What NVML's structs become here: plain objects and typed arrays that the caller makes once and keeps. */

/** An nvmlDevice_t (GPU or MIG device), nvmlEventSet_t or nvmlGpmSample_t: an address, as a number. 0 is none. */
export type Handle = number;

/** What a u64 whose bits are all one reads as: 2^64, the nearest double. NVML's "not available". */
export const U64_ALL_ONES = 2 ** 64;
/** The same of a u32. */
export const U32_ALL_ONES = 0xffff_ffff;

/** nvmlMemory_v2_t, bytes. `reserved` is NaN where the driver has version 1 alone; `used` then includes it. */
export interface Memory {
  total: number;
  reserved: number;
  free: number;
  used: number;
}

/** nvmlBAR1Memory_t, bytes. */
export interface Bar1 {
  total: number;
  free: number;
  used: number;
}

/** nvmlUtilization_t, per cent of the last sampling period. */
export interface Utilization {
  gpu: number;
  memory: number;
}

/** nvmlPciInfo_t. `id` is device << 16 | vendor, `busId` as in 00000000:01:00.0. */
export interface Pci {
  domain: number;
  bus: number;
  device: number;
  id: number;
  subsystemId: number;
  busId: string;
}

/** nvmlViolationTime_t: `time` ns spent limited, as of `reference` µs. */
export interface Violation {
  reference: number;
  time: number;
}

/** nvmlEccErrorCounts_t: counts by where. NVML deprecates it for memoryErrorCounter. */
export interface EccCounts {
  l1: number;
  l2: number;
  memory: number;
  registers: number;
}

/** nvmlEccSramErrorStatus_v1_t: counts; `thresholdExceeded` 0/1. */
export interface SramErrors {
  aggregateParity: number;
  aggregateSecDed: number;
  aggregateCorrected: number;
  volatileParity: number;
  volatileSecDed: number;
  volatileCorrected: number;
  /** Aggregate uncorrected, by where. */
  l2: number;
  sm: number;
  microcontroller: number;
  pcie: number;
  other: number;
  thresholdExceeded: number;
}

/** nvmlRowRemapperHistogramValues_t: banks by how many spare rows are left. */
export interface RowHistogram {
  max: number;
  high: number;
  partial: number;
  low: number;
  none: number;
}

/** nvmlGpuFabricInfo. What a driver's version of the struct lacks is NaN. */
export interface Fabric {
  /** UUID of the cluster, 32 hexadecimal digits; all zero where there is none. */
  cluster: string;
  /** nvmlReturn_t of the registration. */
  status: number;
  clique: number;
  /** 0 not supported, 1 not started, 2 in progress, 3 completed. */
  state: number;
  /** Bits, two for each check: see nvml.h NVML_GPU_FABRIC_HEALTH_MASK_*. Version 2. */
  healthMask: number;
  /** 0 not supported, 1 healthy, 2 unhealthy, 3 limited capacity. Version 3. */
  healthSummary: number;
}

/** nvmlDeviceAttributes_t of a MIG device (or a whole GPU): what it owns. */
export interface Attributes {
  multiprocessors: number;
  copyEngines: number;
  decoders: number;
  encoders: number;
  jpegs: number;
  ofas: number;
  gpuInstanceSlices: number;
  computeInstanceSlices: number;
  /** MiB. */
  memory: number;
}

/** nvmlEventData_t. `instance` ids are all-ones without MIG. */
export interface GpuEvent {
  device: Handle;
  /** One bit: 0x8 XID, … */
  type: number;
  /** The XID, for an XID. */
  data: number;
  gpuInstance: number;
  computeInstance: number;
}
