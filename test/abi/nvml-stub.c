#include "nvml-stub.h"

static nvmlReturn_t text(char *to, u32 length, const char *value) {
    if (strlen(value) >= length) return NVML_ERROR_INSUFFICIENT_SIZE;
    strcpy(to, value);
    OK
}

API(Init_v2, void) { OK }
API(Shutdown, void) { OK }
API(SystemGetDriverVersion, char *v, u32 n) { return text(v, n, "570.86.10"); }
API(SystemGetNVMLVersion, char *v, u32 n) { return text(v, n, "12.570.86.10"); }
API(SystemGetCudaDriverVersion, int *v) { *v = 12080; OK }
API(DeviceGetCount_v2, u32 *n) { *n = 2; OK }
API(DeviceGetCount, u32 *n) { *n = 99; OK }
API(DeviceGetHandleByIndex_v2, u32 i, nvmlDevice_t *d) {
    if (i > 1) return NVML_ERROR_INVALID_ARGUMENT;
    *d = (nvmlDevice_t)(FIRST + APART * i);
    OK
}
API(DeviceGetHandleByUUID, const char *uuid, nvmlDevice_t *d) {
    if (strcmp(uuid, "GPU-11111111-2222-3333-4444-555555555555")) return NVML_ERROR_NOT_FOUND;
    return nvmlDeviceGetHandleByIndex_v2(1, d);
}
API(DeviceGetMigDeviceHandleByIndex, D, u32 i, nvmlDevice_t *mig) {
    if (i == 1) return NVML_ERROR_NOT_FOUND;
    *mig = (nvmlDevice_t)((unsigned long)d + 8 + i);
    OK
}
API(DeviceGetDeviceHandleFromMigDeviceHandle, nvmlDevice_t mig, nvmlDevice_t *d) {
    *d = (nvmlDevice_t)((unsigned long)mig & ~(APART - 1));
    OK
}

/* Numbers and texts of the table, one of each form. */
API(DeviceGetIndex, D, u32 *i) { *i = number_of(d); OK }
API(DeviceGetPowerUsage, D, u32 *mw) { *mw = 4000000000u + number_of(d); OK }
API(DeviceGetEnforcedPowerLimit, D, u32 *mw) { OK }
API(DeviceGetPowerManagementLimit, D, u32 *mw) {
    *mw = 1;
    return NVML_ERROR_NOT_SUPPORTED;
}
API(DeviceGetRemappedRows, D, u32 *c, u32 *u, u32 *p, u32 *f) { *c = 11; *u = 12; *p = 1; *f = 0; OK }
API(DeviceGetClockInfo, D, nvmlClockType_t type, u32 *mhz) { *mhz = 1000 + type; OK }
API(DeviceGetClock, D, nvmlClockType_t type, nvmlClockId_t id, u32 *mhz) { *mhz = 1000 + 10 * type + id; OK }
API(DeviceGetCudaComputeCapability, D, int *major, int *minor) { *major = 12; *minor = -1; OK }
API(DeviceGetTotalEnergyConsumption, D, u64 *mj) { *mj = 9007199254740991ULL; OK }
API(DeviceGetMemoryErrorCounter, D, nvmlMemoryErrorType_t e, nvmlEccCounterType_t c,
    nvmlMemoryLocation_t l, u64 *n) {
    *n = BIG + 100 * e + 10 * c + l;
    OK
}
API(DeviceGetTotalEccErrors, D, nvmlMemoryErrorType_t e, nvmlEccCounterType_t c, u64 *n) { *n = ~0ULL; OK }
API(DeviceGetCurrentClocksThrottleReasons, D, u64 *mask) { *mask = 0x104; OK }
API(GpmQueryDeviceSupport, D, nvmlGpmSupport_t *s) {
    if (s->version != NVML_GPM_SUPPORT_VERSION) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    s->isSupportedDevice = 1;
    OK
}
/* Not in the header of 12.4. */
API(DeviceGetMarginTemperature, D, int *versionAndValue) {
    if (versionAndValue[0] != (8 | 1 << 24)) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    versionAndValue[1] = -7;
    OK
}
API(DeviceGetName, D, char *name, u32 n) {
    return text(name, n, number_of(d) ? "NVIDIA GB10" : "NVIDIA \xc3\xa9");
}
API(DeviceGetSerial, D, char *serial, u32 n) { OK }
API(DeviceGetVbiosVersion, D, char *v, u32 n) { memset(v, 'x', n); OK }
API(DeviceGetUUID, D, char *uuid, u32 n) {
    text(uuid, n, "GPU-lost");
    return NVML_ERROR_GPU_IS_LOST;
}
API(DeviceGetInforomVersion, D, nvmlInforomObject_t o, char *v, u32 n) {
    return text(v, n, o == NVML_INFOROM_ECC ? "6.16" : "2.1");
}
API(DeviceGetGspFirmwareVersion, D, char *v) { strcpy(v, "570.86.10"); OK }

/* Structs. */
API(DeviceGetMemoryInfo_v2, D, nvmlMemory_v2_t *m) {
    if (number_of(d) == 1 || m->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    m->total = 80 * BIG; m->reserved = BIG + 1; m->free = 2 * BIG; m->used = 3 * BIG;
    OK
}
API(DeviceGetMemoryInfo, D, nvmlMemory_t *m) { m->total = 7 * BIG; m->free = 6 * BIG; m->used = BIG; OK }
API(DeviceGetBAR1MemoryInfo, D, nvmlBAR1Memory_t *m) {
    m->bar1Total = 3 * BIG; m->bar1Free = 2 * BIG; m->bar1Used = BIG;
    OK
}
API(DeviceGetUtilizationRates, D, nvmlUtilization_t *u) {
    if (number_of(d)) return NVML_ERROR_NOT_SUPPORTED;
    u->gpu = 97; u->memory = 31;
    OK
}
static nvmlReturn_t pci(nvmlPciInfo_t *p, u32 bus) {
    p->domain = 15; p->bus = bus; p->device = 3; p->pciDeviceId = 0x2e1210de; p->pciSubSystemId = 0xf0000010;
    strcpy(p->busIdLegacy, "legacy");
    strcpy(p->busId, "0000000F:01:00.0");
    OK
}
API(DeviceGetPciInfo_v3, D, nvmlPciInfo_t *p) { return pci(p, 1); }
API(DeviceGetNvLinkRemotePciInfo_v2, D, u32 link, nvmlPciInfo_t *p) {
    return pci(p, link);
}
API(DeviceGetTemperature, D, nvmlTemperatureSensors_t s, u32 *t) { *t = 40 + s; OK }
API(DeviceGetFanSpeed, D, u32 *percent) { *percent = 33; OK }
API(DeviceGetAttributes_v2, D, nvmlDeviceAttributes_t *a) {
    *a = (nvmlDeviceAttributes_t){16, 1, 2, 3, 4, 5, 6, 7, BIG + 8};
    OK
}
API(DeviceGetViolationStatus, D, nvmlPerfPolicyType_t policy, nvmlViolationTime_t *v) {
    v->referenceTime = BIG + 1; v->violationTime = BIG + 10 + policy;
    OK
}
API(DeviceGetDetailedEccErrors, D, nvmlMemoryErrorType_t e, nvmlEccCounterType_t c, nvmlEccErrorCounts_t *n) {
    *n = (nvmlEccErrorCounts_t){BIG + 1, BIG + 2, BIG + 10 * e + c, BIG + 4};
    OK
}
API(DeviceGetRowRemapperHistogram, D, nvmlRowRemapperHistogramValues_t *h) {
    *h = (nvmlRowRemapperHistogramValues_t){640, 1, 2, 3, 4};
    OK
}
API(DeviceGetGpuFabricInfo, D, nvmlGpuFabricInfo_t *f) {
    memset(f, 0, sizeof *f); f->cliqueId = 4; f->state = 2;
    OK
}
#ifndef OLD
API(DeviceGetFanSpeed_v2, D, u32 fan, u32 *percent) { *percent = 50 + fan; OK }
API(DeviceGetTemperatureV, D, int *t) {
    if (t[0] != (12 | 1 << 24)) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    t[2] = -3 - t[1];
    OK
}
API(DeviceGetFanSpeedRPM, D, u32 *f) {
    if (f[0] != (12 | 1 << 24)) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    f[2] = 3000 + f[1];
    OK
}
API(DeviceGetSramEccErrorStatus, D, nvmlEccSramErrorStatus_t *s) {
    if (s->version != nvmlEccSramErrorStatus_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    *s = (nvmlEccSramErrorStatus_t){s->version, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, BIG, 1};
    OK
}
API(DeviceGetGpuFabricInfoV, D, nvmlGpuFabricInfoV_t *f) {
    /* Version 3 has one byte more at its end. */
    if (number_of(d) == 0 && f->version == (40 | 3 << 24)) ((unsigned char *)f)[36] = 2;
    else if (f->version != nvmlGpuFabricInfo_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    for (int i = 0; i < 16; i++) f->clusterUuid[i] = 0xa0 + i;
    f->status = 1; f->cliqueId = 2; f->state = 3; f->healthMask = 0x80000005;
    OK
}
#endif
