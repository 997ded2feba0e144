/* Functions of one number or one text, and of several numbers with a pointer each. */
#include "fake.h"

#include <stdio.h>

#define GET(name, type)                                                         \
  nvmlReturn_t nvmlDeviceGet##name(nvmlDevice_t device, type *out) {            \
    return number_device(device, K_##name, NONE, NONE, NONE, out, sizeof *out); \
  }
#define GET_OF(name, input, type)                                                  \
  nvmlReturn_t nvmlDeviceGet##name(nvmlDevice_t device, input of, type *out) {     \
    return number_device(device, K_##name, (int)of, NONE, NONE, out, sizeof *out); \
  }
#define TEXT_OF(name)                                                                 \
  nvmlReturn_t nvmlDeviceGet##name(nvmlDevice_t device, char *out, unsigned length) { \
    return text_device(device, K_##name, NONE, out, length);                          \
  }

TEXT_OF(Name)
TEXT_OF(UUID)
TEXT_OF(Serial)
TEXT_OF(BoardPartNumber)
TEXT_OF(VbiosVersion)
TEXT_OF(InforomImageVersion)

nvmlReturn_t nvmlDeviceGetInforomVersion(nvmlDevice_t device, nvmlInforomObject_t object,
                                         char *version, unsigned length) {
  return text_device(device, K_InforomVersion, (int)object, version, length);
}

nvmlReturn_t nvmlDeviceGetGspFirmwareVersion(nvmlDevice_t device, char *version) {
  return text_device(device, K_GspFirmwareVersion, NONE, version,
                     NVML_GSP_FIRMWARE_VERSION_BUF_SIZE);
}

GET(MinorNumber, unsigned)
GET(ModuleId, unsigned)
GET(Architecture, nvmlDeviceArchitecture_t)
GET(Brand, nvmlBrandType_t)
GET(NumGpuCores, unsigned)
GET(MemoryBusWidth, unsigned)
GET(NumaNodeId, unsigned)
GET(ComputeMode, nvmlComputeMode_t)
GET(PersistenceMode, nvmlEnableState_t)
GET(DisplayActive, nvmlEnableState_t)
GET(DisplayMode, nvmlEnableState_t)
GET(VirtualizationMode, nvmlGpuVirtualizationMode_t)
GET(PerformanceState, nvmlPstates_t)
GET(CurrentClocksEventReasons, unsigned long long)
GET(SupportedClocksEventReasons, unsigned long long)
GET(PowerUsage, unsigned)
GET(EnforcedPowerLimit, unsigned)
GET(PowerManagementLimit, unsigned)
GET(PowerManagementDefaultLimit, unsigned)
GET(PowerSource, nvmlPowerSource_t)
GET(TotalEnergyConsumption, unsigned long long)
GET(NumFans, unsigned)
GET(CurrPcieLinkGeneration, unsigned)
GET(CurrPcieLinkWidth, unsigned)
GET(MaxPcieLinkGeneration, unsigned)
GET(MaxPcieLinkWidth, unsigned)
GET(GpuMaxPcieLinkGeneration, unsigned)
GET(PcieSpeed, unsigned)
GET(PcieLinkMaxSpeed, unsigned)
GET(PcieReplayCounter, unsigned)
GET(RetiredPagesPendingStatus, nvmlEnableState_t)
GET(AccountingMode, nvmlEnableState_t)
GET(AccountingBufferSize, unsigned)
GET(MaxMigDeviceCount, unsigned)
GET(GpuInstanceId, unsigned)
GET(ComputeInstanceId, unsigned)
GET(SupportedEventTypes, unsigned long long)

GET_OF(ClockInfo, nvmlClockType_t, unsigned)
GET_OF(MaxClockInfo, nvmlClockType_t, unsigned)
GET_OF(ApplicationsClock, nvmlClockType_t, unsigned)
GET_OF(DefaultApplicationsClock, nvmlClockType_t, unsigned)
GET_OF(MaxCustomerBoostClock, nvmlClockType_t, unsigned)
GET_OF(Temperature, nvmlTemperatureSensors_t, unsigned)
GET_OF(TemperatureThreshold, nvmlTemperatureThresholds_t, unsigned)
GET_OF(TargetFanSpeed, unsigned, unsigned)
GET_OF(PcieThroughput, nvmlPcieUtilCounter_t, unsigned)

/* The names before driver 535. */
nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device,
                                                       unsigned long long *reasons) {
  return nvmlDeviceGetCurrentClocksEventReasons(device, reasons);
}

nvmlReturn_t nvmlDeviceGetSupportedClocksThrottleReasons(nvmlDevice_t device,
                                                         unsigned long long *reasons) {
  return nvmlDeviceGetSupportedClocksEventReasons(device, reasons);
}

nvmlReturn_t nvmlDeviceGetClock(nvmlDevice_t device, nvmlClockType_t type, nvmlClockId_t id,
                                unsigned *mhz) {
  return number_device(device, K_Clock, (int)type, (int)id, NONE, mhz, sizeof *mhz);
}

nvmlReturn_t nvmlDeviceGetFanSpeed_v2(nvmlDevice_t device, unsigned fan, unsigned *speed) {
  return number_device(device, K_FanSpeed, (int)fan, NONE, NONE, speed, sizeof *speed);
}

nvmlReturn_t nvmlDeviceGetFanSpeed(nvmlDevice_t device, unsigned *speed) {
  return nvmlDeviceGetFanSpeed_v2(device, 0, speed);
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t type,
                                         nvmlEccCounterType_t counter, unsigned long long *count) {
  return number_device(device, K_TotalEccErrors, (int)type, (int)counter, NONE, count,
                       sizeof *count);
}

nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, nvmlMemoryErrorType_t type,
                                             nvmlEccCounterType_t counter,
                                             nvmlMemoryLocation_t location,
                                             unsigned long long *count) {
  return number_device(device, K_MemoryErrorCounter, (int)type, (int)counter, (int)location, count,
                       sizeof *count);
}

/* One mask of NUMA nodes is enough for any test. */
nvmlReturn_t nvmlDeviceGetMemoryAffinity(nvmlDevice_t device, unsigned size, unsigned long *nodes,
                                         nvmlAffinityScope_t scope) {
  (void)scope;
  for (unsigned i = 0; nodes != NULL && i < size; i++) nodes[i] = 0;
  return number_device(device, K_MemoryAffinity, NONE, NONE, NONE, size == 0 ? NULL : nodes,
                       sizeof *nodes);
}

/* ---- several numbers: the members of a struct that has only pointers ---- */

static nvmlReturn_t several(nvmlDevice_t device, enum key key, int count, unsigned *const *out) {
  static const struct member members[] = {{0, 4}, {4, 4}, {8, 4}, {12, 4}};
  unsigned numbers[COUNT(members)];
  for (int i = 0; i < count; i++) {
    if (out[i] == NULL) return NVML_ERROR_INVALID_ARGUMENT;
    numbers[i] = *out[i];
  }
  nvmlReturn_t rc = fill_device(device, key, numbers, members, count, NONE, NONE);
  for (int i = 0; rc == NVML_SUCCESS && i < count; i++) *out[i] = numbers[i];
  return rc;
}
#define SEVERAL(device, name, ...)                                                         \
  several(device, K_##name, (int)(sizeof(unsigned *[]){__VA_ARGS__} / sizeof(unsigned *)), \
          (unsigned *[]){__VA_ARGS__})
#define PAIR(name, type)                                                             \
  nvmlReturn_t nvmlDeviceGet##name(nvmlDevice_t device, type *first, type *second) { \
    return SEVERAL(device, name, (unsigned *)first, (unsigned *)second);             \
  }

PAIR(GspFirmwareMode, unsigned)
PAIR(CudaComputeCapability, int)
PAIR(EncoderUtilization, unsigned)
PAIR(DecoderUtilization, unsigned)
PAIR(JpgUtilization, unsigned)
PAIR(OfaUtilization, unsigned)
PAIR(PowerManagementLimitConstraints, unsigned)
PAIR(MinMaxFanSpeed, unsigned)
PAIR(EccMode, nvmlEnableState_t)
PAIR(MigMode, unsigned)

nvmlReturn_t nvmlDeviceGetEncoderStats(nvmlDevice_t device, unsigned *sessions, unsigned *fps,
                                       unsigned *latency) {
  return SEVERAL(device, EncoderStats, sessions, fps, latency);
}

nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned *corrected,
                                       unsigned *uncorrected, unsigned *pending, unsigned *failed) {
  return SEVERAL(device, RemappedRows, corrected, uncorrected, pending, failed);
}
