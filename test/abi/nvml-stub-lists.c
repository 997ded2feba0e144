#include "nvml-stub.h"

/* Lists. GPU 1 has more rows than anybody makes room for at once. */
static u32 rows_of(D) { return number_of(d) ? 5000 : 2; }
#define LIST(name, record, extra) \
    nvmlReturn_t name(D, u32 *n, record *r) { \
        u32 given = *n; \
        *n = rows_of(d); \
        if (given < *n) return NVML_ERROR_INSUFFICIENT_SIZE; \
        for (u32 i = 0; i < *n; i++) { \
            r[i].pid = 100 + i; \
            r[i].usedGpuMemory = i == 1 ? ~0ULL : BIG + i; \
            extra \
        } \
        OK \
    }
#define IDS r[i].gpuInstanceId = 7; r[i].computeInstanceId = i;
LIST(nvmlDeviceGetMPSComputeRunningProcesses, nvmlProcessInfo_v1_t, )
API(DeviceGetGraphicsRunningProcesses_v2, D, u32 *n, nvmlProcessInfo_v2_t *r) {
    *n = 0xffffffff;
    return number_of(d) ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}
static nvmlReturn_t pages(u32 *n, u64 *addresses, u64 *timestamps) {
    u32 given = *n;
    *n = 1500;
    if (given < *n) return NVML_ERROR_INSUFFICIENT_SIZE;
    for (u32 i = 0; i < *n; i++) {
        addresses[i] = BIG + i;
        if (timestamps) timestamps[i] = 2 * BIG + i;
    }
    OK
}
API(DeviceGetRetiredPages, D, nvmlPageRetirementCause_t cause, u32 *n, u64 *a) {
    return pages(n, a, 0);
}

#if defined(TRAP)
/* Its header declared another record than this one, so the function goes by another name here. */
nvmlReturn_t trapped(D, u32 *n, nvmlProcessDetail_v1_t *r)
    __asm__("nvmlDeviceGetComputeRunningProcesses_v3");
LIST(trapped, nvmlProcessDetail_v1_t, IDS r[i].usedGpuCcProtectedMemory = 3 * BIG;)
API(DeviceGetConfComputeMemSizeInfo, D, nvmlConfComputeMemSizeInfo_t *m) {
    return NVML_ERROR_NOT_SUPPORTED;
}
#elif defined(OLD)
LIST(nvmlDeviceGetComputeRunningProcesses_v2, nvmlProcessInfo_v2_t, IDS)
#else
LIST(nvmlDeviceGetComputeRunningProcesses_v3, nvmlProcessInfo_v2_t, IDS)
API(DeviceGetRetiredPages_v2, D, nvmlPageRetirementCause_t cause, u32 *n, u64 *a, u64 *t) {
    return pages(n, a, t);
}
API(DeviceGetConfComputeMemSizeInfo, D, nvmlConfComputeMemSizeInfo_t *m) {
    return NVML_ERROR_NOT_SUPPORTED;
}
API(DeviceGetRunningProcessDetailList, D, nvmlProcessDetailList_t *l) {
    u32 given = l->numProcArrayEntries;
    if (l->version != nvmlProcessDetailList_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    l->numProcArrayEntries = rows_of(d);
    if (given < rows_of(d)) return NVML_ERROR_INSUFFICIENT_SIZE;
    for (u32 i = 0; i < rows_of(d); i++)
        l->procArray[i] = (nvmlProcessDetail_v1_t){200 + i, BIG, l->mode, i, 2 * BIG};
    OK
}
API(DeviceGetProcessesUtilizationInfo, D, nvmlProcessesUtilizationInfo_t *u) {
    u32 given = u->processSamplesCount;
    if (u->version != nvmlProcessesUtilizationInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    u->processSamplesCount = rows_of(d);
    if (given < rows_of(d)) return NVML_ERROR_INSUFFICIENT_SIZE;
    for (u32 i = 0; i < rows_of(d); i++)
        u->procUtilArray[i] = (nvmlProcessUtilizationInfo_v1_t){u->lastSeenTimeStamp + i, 300 + i, 1, 2, 3, 4, 5, 6};
    OK
}
#endif
API(DeviceGetProcessUtilization, D, nvmlProcessUtilizationSample_t *u, u32 *n, u64 since) {
    u32 given = *n;
    *n = rows_of(d);
    if (given < *n) return NVML_ERROR_INSUFFICIENT_SIZE;
    for (u32 i = 0; i < *n; i++) u[i] = (nvmlProcessUtilizationSample_t){400 + i, since + i, 1, 2, 3, 4};
    OK
}
API(DeviceGetSamples, D, nvmlSamplingType_t type, u64 since, nvmlValueType_t *valueType, u32 *n,
    nvmlSample_t *s) {
    if (type == NVML_MEMORY_CLK_SAMPLES) return NVML_ERROR_NOT_FOUND;
    *valueType = type == NVML_MODULE_POWER_SAMPLES ? NVML_VALUE_TYPE_DOUBLE : NVML_VALUE_TYPE_UNSIGNED_INT;
    if (*n < 3) return NVML_ERROR_INSUFFICIENT_SIZE;
    *n = 3;
    for (u32 i = 0; i < 3; i++) {
        s[i].timeStamp = since + i + 1;
        s[i].sampleValue.ullVal = ~0ULL;
        if (*valueType == NVML_VALUE_TYPE_DOUBLE) s[i].sampleValue.dVal = 0.5 + i;
        else s[i].sampleValue.uiVal = 10 * type + i;
    }
    OK
}
/* The field's id says of what type it is; its scope goes into the value. */
API(DeviceGetFieldValues, D, int n, nvmlFieldValue_t *v) {
    if (number_of(d)) return NVML_ERROR_GPU_IS_LOST;
    for (int i = 0; i < n; i++, v++) {
        v->timestamp = 1763000000000000 + i;
        v->valueType = v->fieldId;
        v->nvmlReturn = NVML_SUCCESS;
        v->value.ullVal = ~0ULL;
        switch (v->fieldId) {
        case 0: v->value.dVal = 1.25; break;
        case 1: v->value.uiVal = 4000000000u + v->scopeId; break;
        case 2: v->value.ulVal = BIG + 2; break;
        case 3: break;
        case 4: v->value.sllVal = -5; break;
        case 5: v->value.siVal = -6; break;
        case 6: v->value.uiVal = 0xabcd0007; break; /* unsigned short, since 12.6 */
        case 60: v->nvmlReturn = NVML_ERROR_NOT_SUPPORTED; v->value.uiVal = 0; break;
        case 61: v->nvmlReturn = ~0u; v->valueType = ~0u; break; /* left alone */
        case 62: v->valueType = 77; break;
        }
    }
    OK
}

/* GPM: a sample is a number, the value of a metric its id and both samples. */
static u64 sample[2];
static u32 samples;
API(GpmSampleAlloc, nvmlGpmSample_t *s) {
    if (samples == 2) return NVML_ERROR_MEMORY;
    *s = (nvmlGpmSample_t)&sample[samples++];
    OK
}
API(GpmSampleFree, nvmlGpmSample_t s) { samples--; OK }
API(GpmSampleGet, D, nvmlGpmSample_t s) { *(u64 *)s = 10 + number_of(d); OK }
API(GpmMigSampleGet, D, u32 gi, nvmlGpmSample_t s) { *(u64 *)s = 20 + gi; OK }
API(GpmMetricsGet, nvmlGpmMetricsGet_t *m) {
    if (m->version != NVML_GPM_METRICS_GET_VERSION) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    for (u32 i = 0; i < m->numMetrics; i++) {
        m->metrics[i].nvmlReturn = m->metrics[i].metricId == 9 ? NVML_ERROR_NOT_SUPPORTED : NVML_SUCCESS;
        m->metrics[i].value = m->metrics[i].metricId + *(u64 *)m->sample1 / 64.0 + *(u64 *)m->sample2 / 4096.0;
    }
    OK
}

/* Events: what was registered comes back, once. */
static nvmlEventData_t registered;
API(EventSetCreate, nvmlEventSet_t *set) { *set = (nvmlEventSet_t)&registered; OK }
API(EventSetFree, nvmlEventSet_t set) {
    return set == (nvmlEventSet_t)&registered ? NVML_SUCCESS : NVML_ERROR_INVALID_ARGUMENT;
}
API(DeviceRegisterEvents, D, u64 types, nvmlEventSet_t set) {
    *(nvmlEventData_t *)set = (nvmlEventData_t){d, types, BIG + 79, 3, 4};
    OK
}
#ifdef OLD
/* Its struct ended before the instances. */
API(EventSetWait, nvmlEventSet_t set, nvmlEventData_t *data, u32 ms) { memcpy(data, set, 24); OK }
#else
API(EventSetWait_v2, nvmlEventSet_t set, nvmlEventData_t *data, u32 ms) {
    if (registered.eventType == 0) return ms == 5 ? NVML_ERROR_TIMEOUT : NVML_ERROR_UNKNOWN;
    *data = registered;
    registered.eventType = 0;
    OK
}
#endif
