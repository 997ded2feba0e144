/** Layouts, as in nvml-structs.ts, of what NVML fills in arrays or is asked with. */
import type { Layout } from './nvml-structs.ts';

/** nvmlProcessInfo_v1_t, of the functions without a suffix. */
export const PROCESS_V1 = {
  c: 'nvmlProcessInfo_v1_t',
  bytes: 16,
  u32: { pid: 0 },
  u64: { usedGpuMemory: 8 },
} as const satisfies Layout;

/** nvmlProcessInfo_v2_t, of `_v2` and `_v3`. */
export const PROCESS_V2 = {
  c: 'nvmlProcessInfo_v2_t',
  bytes: 24,
  u32: { pid: 0, gpuInstanceId: 16, computeInstanceId: 20 },
  u64: { usedGpuMemory: 8 },
} as const satisfies Layout;

/**
 * nvmlProcessDetail_v1_t. It is also what `_v3` of the drivers 530 to 535.86 fills: their header called
 * it nvmlProcessInfo_t, and the next one took that back.
 */
export const PROCESS_DETAIL = {
  c: 'nvmlProcessDetail_v1_t',
  bytes: 32,
  u32: { pid: 0, gpuInstanceId: 16, computeInstanceId: 20 },
  u64: { usedGpuMemory: 8, usedGpuCcProtectedMemory: 24 },
} as const satisfies Layout;

/** nvmlProcessDetailList_v1_t: mode 0 compute, 1 graphics, 2 MPS compute. */
export const PROCESS_DETAIL_LIST = {
  c: 'nvmlProcessDetailList_v1_t',
  bytes: 24,
  version: ['nvmlProcessDetailList_v1', 1],
  u32: { version: 0, mode: 4, numProcArrayEntries: 8 },
  ptr: { procArray: 16 },
} as const satisfies Layout;

/** nvmlProcessUtilizationSample_t: µs, per cent. */
export const PROCESS_UTILIZATION = {
  c: 'nvmlProcessUtilizationSample_t',
  bytes: 32,
  u32: { pid: 0, smUtil: 16, memUtil: 20, encUtil: 24, decUtil: 28 },
  u64: { timeStamp: 8 },
} as const satisfies Layout;

/** nvmlProcessUtilizationInfo_v1_t: µs, per cent; driver 550 and later. */
export const PROCESS_UTILIZATION_INFO = {
  c: 'nvmlProcessUtilizationInfo_v1_t',
  bytes: 40,
  u32: { pid: 8, smUtil: 12, memUtil: 16, encUtil: 20, decUtil: 24, jpgUtil: 28, ofaUtil: 32 },
  u64: { timeStamp: 0 },
} as const satisfies Layout;

/** nvmlProcessesUtilizationInfo_v1_t. */
export const PROCESSES_UTILIZATION = {
  c: 'nvmlProcessesUtilizationInfo_v1_t',
  bytes: 24,
  version: ['nvmlProcessesUtilizationInfo_v1', 1],
  u32: { version: 0, processSamplesCount: 4 },
  u64: { lastSeenTimeStamp: 8 },
  ptr: { procUtilArray: 16 },
} as const satisfies Layout;

/** nvmlSample_t: µs; the value's type is told beside the array. */
export const SAMPLE = {
  c: 'nvmlSample_t',
  bytes: 16,
  u64: { timeStamp: 0, sampleValue: 8 },
} as const satisfies Layout;

/** nvmlFieldValue_t: µs; the value's type is in valueType. */
export const FIELD_VALUE = {
  c: 'nvmlFieldValue_t',
  bytes: 40,
  u32: { fieldId: 0, scopeId: 4, valueType: 24, nvmlReturn: 28 },
  u64: { timestamp: 8, latencyUsec: 16, value: 32 },
} as const satisfies Layout;

/** nvmlEventData_t. Before NVML 11 it ended before the instance ids. */
export const EVENT = {
  c: 'nvmlEventData_t',
  bytes: 32,
  u32: { gpuInstanceId: 24, computeInstanceId: 28 },
  u64: { eventType: 8, eventData: 16 },
  ptr: { device: 0 },
} as const satisfies Layout;

/** nvmlGpmMetric_t: per cent or MiB/s. */
export const GPM_METRIC = {
  c: 'nvmlGpmMetric_t',
  bytes: 40,
  u32: { metricId: 0, nvmlReturn: 4 },
  f64: { value: 8 },
} as const satisfies Layout;

/** nvmlGpmMetricsGet_t; `bytes` is what comes before its array of metrics, whose length each header sets anew. */
export const GPM_METRICS_GET = {
  c: 'nvmlGpmMetricsGet_t',
  bytes: 24,
  u32: { version: 0, numMetrics: 4 },
  ptr: { sample1: 8, sample2: 16 },
} as const satisfies Layout;

/** nvmlGpmSupport_t. */
export const GPM_SUPPORT = {
  c: 'nvmlGpmSupport_t',
  bytes: 8,
  u32: { version: 0, isSupportedDevice: 4 },
} as const satisfies Layout;
