/* Functions that fill a struct: memory, utilisation, errors, limits. */
#include "newer.h"

#include <stdio.h>
#include <string.h>

/* The struct of a function that has one version of it. */
#define FILL(function, name, type, ...)                                             \
  nvmlReturn_t function(nvmlDevice_t device, type *out) {                           \
    static const struct member members[] = {__VA_ARGS__};                           \
    return fill_device(device, K_##name, out, members, COUNT(members), NONE, NONE); \
  }

FILL(nvmlDeviceGetUtilizationRates, UtilizationRates, nvmlUtilization_t,
     MEMBER(nvmlUtilization_t, gpu), MEMBER(nvmlUtilization_t, memory))
FILL(nvmlDeviceGetFBCStats, FBCStats, nvmlFBCStats_t, MEMBER(nvmlFBCStats_t, sessionsCount),
     MEMBER(nvmlFBCStats_t, averageFPS), MEMBER(nvmlFBCStats_t, averageLatency))
FILL(nvmlDeviceGetBAR1MemoryInfo, BAR1MemoryInfo, nvmlBAR1Memory_t,
     MEMBER(nvmlBAR1Memory_t, bar1Total), MEMBER(nvmlBAR1Memory_t, bar1Free),
     MEMBER(nvmlBAR1Memory_t, bar1Used))
FILL(nvmlDeviceGetConfComputeMemSizeInfo, ConfComputeMemSizeInfo, nvmlConfComputeMemSizeInfo_t,
     MEMBER(nvmlConfComputeMemSizeInfo_t, protectedMemSizeKib),
     MEMBER(nvmlConfComputeMemSizeInfo_t, unprotectedMemSizeKib))
FILL(nvmlDeviceGetConfComputeProtectedMemoryUsage, ConfComputeProtectedMemoryUsage, nvmlMemory_t,
     MEMBER(nvmlMemory_t, total), MEMBER(nvmlMemory_t, free), MEMBER(nvmlMemory_t, used))
FILL(nvmlDeviceGetRowRemapperHistogram, RowRemapperHistogram, nvmlRowRemapperHistogramValues_t,
     MEMBER(nvmlRowRemapperHistogramValues_t, max), MEMBER(nvmlRowRemapperHistogramValues_t, high),
     MEMBER(nvmlRowRemapperHistogramValues_t, partial),
     MEMBER(nvmlRowRemapperHistogramValues_t, low), MEMBER(nvmlRowRemapperHistogramValues_t, none))

/* It has a version macro, but no version. */
nvmlReturn_t nvmlDeviceGetC2cModeInfoV(nvmlDevice_t device, nvmlC2cModeInfo_v1_t *mode) {
  return number_device(device, K_C2cModeInfo, NONE, NONE, NONE, mode, sizeof *mode);
}

#define ATTRIBUTE(name) MEMBER(nvmlDeviceAttributes_t, name)
FILL(nvmlDeviceGetAttributes_v2, Attributes, nvmlDeviceAttributes_t, ATTRIBUTE(multiprocessorCount),
     ATTRIBUTE(sharedCopyEngineCount), ATTRIBUTE(sharedDecoderCount), ATTRIBUTE(sharedEncoderCount),
     ATTRIBUTE(sharedJpegCount), ATTRIBUTE(sharedOfaCount), ATTRIBUTE(gpuInstanceSliceCount),
     ATTRIBUTE(computeInstanceSliceCount), ATTRIBUTE(memorySizeMB))

/* What version 1 says to be used includes what version 2 says to be reserved. */
static nvmlReturn_t memory_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
  static const struct member members[] = {
      MEMBER(nvmlMemory_v2_t, total), MEMBER(nvmlMemory_v2_t, reserved),
      MEMBER(nvmlMemory_v2_t, free), MEMBER(nvmlMemory_v2_t, used)};
  return fill_device(device, K_MemoryInfo, memory, members, COUNT(members), NONE, NONE);
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
  if (memory == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (memory->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return memory_v2(device, memory);
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
  if (memory == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  nvmlMemory_v2_t v2 = {.total = memory->total, .free = memory->free, .used = memory->used};
  nvmlReturn_t rc = memory_v2(device, &v2);
  if (rc == NVML_SUCCESS) *memory = (nvmlMemory_t){v2.total, v2.free, v2.used + v2.reserved};
  return rc;
}

/* ---- errors ---- */

nvmlReturn_t nvmlDeviceGetDetailedEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t type,
                                            nvmlEccCounterType_t counter,
                                            nvmlEccErrorCounts_t *counts) {
  static const struct member members[] = {
      MEMBER(nvmlEccErrorCounts_t, l1Cache), MEMBER(nvmlEccErrorCounts_t, l2Cache),
      MEMBER(nvmlEccErrorCounts_t, deviceMemory), MEMBER(nvmlEccErrorCounts_t, registerFile)};
  return fill_device(device, K_DetailedEccErrors, counts, members, COUNT(members), (int)type,
                     (int)counter);
}

#define SRAM(name) MEMBER(nvmlEccSramErrorStatus_v1_t, name)
nvmlReturn_t nvmlDeviceGetSramEccErrorStatus(nvmlDevice_t device,
                                             nvmlEccSramErrorStatus_t *status) {
  static const struct member members[] = {
      SRAM(aggregateUncParity),    SRAM(aggregateUncSecDed),      SRAM(aggregateCor),
      SRAM(volatileUncParity),     SRAM(volatileUncSecDed),       SRAM(volatileCor),
      SRAM(aggregateUncBucketL2),  SRAM(aggregateUncBucketSm),    SRAM(aggregateUncBucketPcie),
      SRAM(aggregateUncBucketMcu), SRAM(aggregateUncBucketOther), SRAM(bThresholdExceeded)};
  if (status == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (status->version != nvmlEccSramErrorStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return fill_device(device, K_SramEccErrorStatus, status, members, COUNT(members), NONE, NONE);
}

nvmlReturn_t nvmlDeviceGetViolationStatus(nvmlDevice_t device, nvmlPerfPolicyType_t policy,
                                          nvmlViolationTime_t *violation) {
  if (violation == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  nvmlReturn_t rc = number_device(device, K_ViolationStatus, (int)policy, NONE, NONE,
                                  &violation->violationTime, sizeof violation->violationTime);
  if (rc == NVML_SUCCESS) violation->referenceTime = now_us();
  return rc;
}

/* `ADDRESS@MICROSECONDS ADDRESS@MICROSECONDS …` */
static nvmlReturn_t retired(nvmlDevice_t device, nvmlPageRetirementCause_t cause, unsigned *count,
                            unsigned long long *addresses, unsigned long long *times) {
  struct call call;
  struct value value;
  nvmlReturn_t rc = call_device(&call, device, K_RetiredPages);
  if (rc == NVML_SUCCESS)
    rc = count == NULL ? NVML_ERROR_INVALID_ARGUMENT
                       : call_value(&call, K_RetiredPages, (int)cause, NONE, NONE, &value);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  unsigned room = *count;
  unsigned found = 0;
  if (value.form == GARBAGE) return *count = value.garbage, call_end(&call, rc);
  const char *text = value.text, *end = text + value.length, *word;
  for (size_t length; value.form == TEXT && next_word(&text, end, &word, &length);) {
    unsigned long long address, time = 0;
    if (sscanf(word, "%lli@%llu", (long long *)&address, &time) < 1 || address == 0) continue;
    if (found < room) addresses[found] = address;
    if (found < room && times != NULL) times[found] = time;
    found++;
  }
  *count = found;
  return call_end(&call, found > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS);
}

nvmlReturn_t nvmlDeviceGetRetiredPages_v2(nvmlDevice_t device, nvmlPageRetirementCause_t cause,
                                          unsigned *count, unsigned long long *addresses,
                                          unsigned long long *times) {
  return retired(device, cause, count, addresses, times);
}

nvmlReturn_t nvmlDeviceGetRetiredPages(nvmlDevice_t device, nvmlPageRetirementCause_t cause,
                                       unsigned *count, unsigned long long *addresses) {
  return retired(device, cause, count, addresses, NULL);
}

/* ---- temperatures, fans ---- */

nvmlReturn_t nvmlDeviceGetThermalSettings(nvmlDevice_t device, unsigned index,
                                          nvmlGpuThermalSettings_t *settings) {
  typedef typeof(*((nvmlGpuThermalSettings_t *)0)->sensor) sensor_t;
  static const struct member members[] = {
      MEMBER(sensor_t, controller), MEMBER(sensor_t, defaultMinTemp),
      MEMBER(sensor_t, defaultMaxTemp), MEMBER(sensor_t, currentTemp), MEMBER(sensor_t, target)};
  if (settings == NULL || index >= NVML_MAX_THERMAL_SENSORS_PER_GPU)
    return NVML_ERROR_INVALID_ARGUMENT;
  settings->count = index + 1;
  return fill_device(device, K_ThermalSettings, &settings->sensor[index], members, COUNT(members),
                     (int)index, NONE);
}

nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t device, struct versioned_input *temperature) {
  if (temperature == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (temperature->version != VERSION_WORD(struct versioned_input, 1))
    return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return number_device(device, K_Temperature, (int)temperature->input, NONE, NONE,
                       &temperature->output, 4);
}

nvmlReturn_t nvmlDeviceGetFanSpeedRPM(nvmlDevice_t device, struct versioned_input *speed) {
  if (speed == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (speed->version != VERSION_WORD(struct versioned_input, 1))
    return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return number_device(device, K_FanSpeedRPM, (int)speed->input, NONE, NONE, &speed->output, 4);
}

static nvmlReturn_t versioned(nvmlDevice_t device, enum key key, struct versioned *out) {
  if (out == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (out->version != VERSION_WORD(struct versioned, 1))
    return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return number_device(device, key, NONE, NONE, NONE, &out->output, sizeof out->output);
}

nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t device, struct versioned *margin) {
  return versioned(device, K_MarginTemperature, margin);
}

nvmlReturn_t nvmlDeviceGetAddressingMode(nvmlDevice_t device, struct versioned *mode) {
  return versioned(device, K_AddressingMode, mode);
}
