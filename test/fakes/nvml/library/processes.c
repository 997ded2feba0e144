/* Processes on a device, and what they use of its engines. */
#include "fake.h"

#include <stdio.h>
#include <string.h>

enum mode { COMPUTE, GRAPHICS, MPS };

static const struct {
  const char *word;
  enum key key;
} modes[] = {
    {"compute", K_ComputeRunningProcesses},
    {"graphics", K_GraphicsRunningProcesses},
    {"mps", K_MPSComputeRunningProcesses},
};

/* Driver 530 to 535.86 have records of 32 bytes where others have them of 24. */
#define LONG_RECORD sizeof(nvmlProcessDetail_v1_t)

static bool in_mode(const struct call *call, int section, enum mode mode) {
  const struct entry *type = world_find(call->world, section, K_type, NONE, NONE, NONE);
  if (type == NULL) return mode == COMPUTE;
  const char *text = type->text, *end = text + strlen(text), *word;
  for (size_t length; next_word(&text, end, &word, &length);)
    if (strlen(modes[mode].word) == length && memcmp(modes[mode].word, word, length) == 0)
      return true;
  return false;
}

static unsigned id_of(struct call *call, int section, enum key key) {
  return (unsigned)call_option(call, section, key, ~0u);
}

/* Of a MIG device only those of its instances. */
static bool on_device(struct call *call, int at) {
  const struct section *section = &call->world->sections[at];
  if (section->pid == NONE || section->gpu != call->gpu || section->absent) return false;
  if (call->mig == NONE) return true;
  return id_of(call, at, K_gpuInstanceId) == id_of(call, call->section, K_GpuInstanceId) &&
         id_of(call, at, K_computeInstanceId) == id_of(call, call->section, K_ComputeInstanceId);
}

/* Longer records start as shorter ones do. */
static nvmlReturn_t list(struct call *call, enum mode mode, unsigned *count, void *out,
                         size_t bytes) {
  if (call->whole.form == UNWRITTEN) return NVML_SUCCESS;
  if (call->whole.form == GARBAGE) return *count = call->whole.garbage, NVML_SUCCESS;
  unsigned found = 0;
  for (int at = 0; at < call->world->section_count; at++) {
    if (!on_device(call, at) || !in_mode(call, at, mode)) continue;
    if (found++ >= *count) continue;
    nvmlProcessDetail_v1_t record = {
        .pid = (unsigned)call->world->sections[at].pid,
        .usedGpuMemory = (unsigned long long)call_option(call, at, K_usedGpuMemory, ~0ull),
        .gpuInstanceId = id_of(call, at, K_gpuInstanceId),
        .computeInstanceId = id_of(call, at, K_computeInstanceId),
        .usedGpuCcProtectedMemory =
            (unsigned long long)call_option(call, at, K_usedGpuCcProtectedMemory, 0),
    };
    memcpy((char *)out + (found - 1) * bytes, &record, bytes);
  }
  nvmlReturn_t rc = found > *count ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
  *count = found;
  return rc;
}

/* A misbehaviour may come with a code of its own: a count that is written though the call fails. */
static nvmlReturn_t end_list(struct call *call, nvmlReturn_t rc, unsigned *count) {
  if (rc == NVML_ERROR_INSUFFICIENT_SIZE && call->whole.form == GARBAGE)
    *count = call->whole.garbage;
  return call_end(call, rc);
}

static nvmlReturn_t running(nvmlDevice_t device, enum mode mode, unsigned *count, void *out,
                            size_t bytes) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, modes[mode].key);
  if (rc == NVML_SUCCESS && (count == NULL || (*count > 0 && out == NULL)))
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS && bytes == 0)
    bytes =
        call_option(&call, 0, K_ProcessRecord, 24) == 32 ? LONG_RECORD : sizeof(nvmlProcessInfo_t);
  if (rc == NVML_SUCCESS) rc = list(&call, mode, count, out, bytes);
  return end_list(&call, rc, count);
}

#define RUNNING(name, mode)                                                                   \
  nvmlReturn_t name(nvmlDevice_t device, unsigned *count, nvmlProcessInfo_v1_t *infos) {      \
    return running(device, mode, count, infos, sizeof *infos);                                \
  }                                                                                           \
  nvmlReturn_t name##_v2(nvmlDevice_t device, unsigned *count, nvmlProcessInfo_v2_t *infos) { \
    return running(device, mode, count, infos, sizeof *infos);                                \
  }                                                                                           \
  nvmlReturn_t name##_v3(nvmlDevice_t device, unsigned *count, nvmlProcessInfo_t *infos) {    \
    return running(device, mode, count, infos, 0);                                            \
  }

RUNNING(nvmlDeviceGetComputeRunningProcesses, COMPUTE)
RUNNING(nvmlDeviceGetGraphicsRunningProcesses, GRAPHICS)
RUNNING(nvmlDeviceGetMPSComputeRunningProcesses, MPS)

nvmlReturn_t nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device,
                                                   nvmlProcessDetailList_t *out) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_RunningProcessDetailList);
  if (rc == NVML_SUCCESS && out == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS && out->version != nvmlProcessDetailList_v1)
    rc = NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  if (rc == NVML_SUCCESS && out->mode >= (unsigned)COUNT(modes)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS)
    rc = list(&call, (enum mode)out->mode, &out->numProcArrayEntries, out->procArray,
              sizeof *out->procArray);
  return end_list(&call, rc, &out->numProcArrayEntries);
}

/* ---- utilisation ---- */

/* The driver samples this often, and keeps as many periods as a process's `samples` says. */
#define PERIOD_US 100000

static const enum key utilizations[] = {K_smUtil,  K_memUtil, K_encUtil,
                                        K_decUtil, K_jpgUtil, K_ofaUtil};

/* A record in the form that the newer function has; false when the process was never seen at work.
 */
static bool used(struct call *call, int at, nvmlProcessUtilizationInfo_v1_t *record) {
  unsigned *numbers = &record->smUtil;
  bool any = false;
  for (int i = 0; i < COUNT(utilizations); i++) {
    any |= world_find(call->world, at, utilizations[i], NONE, NONE, NONE) != NULL;
    numbers[i] = (unsigned)call_option(call, at, utilizations[i], 0);
  }
  record->pid = (unsigned)call->world->sections[at].pid;
  return any;
}

/* Writes one record, in the form that its caller knows. */
typedef void write_record(void *out, unsigned at, const nvmlProcessUtilizationInfo_v1_t *record);

static nvmlReturn_t utilization(struct call *call, uint64_t since, unsigned *count, void *out,
                                write_record *write) {
  if (call->whole.form == UNWRITTEN) return NVML_SUCCESS;
  if (call->whole.form == GARBAGE) return *count = call->whole.garbage, NVML_SUCCESS;
  uint64_t last = now_us() / PERIOD_US;
  unsigned found = 0;
  for (int at = 0; at < call->world->section_count; at++) {
    nvmlProcessUtilizationInfo_v1_t record;
    if (!on_device(call, at) || !used(call, at, &record)) continue;
    uint64_t first = last - (uint64_t)call_option(call, at, K_samples, 1) + 1;
    for (uint64_t period = first; period <= last; period++) {
      record.timeStamp = period * PERIOD_US;
      if (record.timeStamp <= since) continue;
      if (found++ < *count) write(out, found - 1, &record);
    }
  }
  nvmlReturn_t rc = found == 0       ? NVML_ERROR_NOT_FOUND
                    : found > *count ? NVML_ERROR_INSUFFICIENT_SIZE
                                     : NVML_SUCCESS;
  *count = found;
  return rc;
}

static void write_new(void *out, unsigned at, const nvmlProcessUtilizationInfo_v1_t *record) {
  ((nvmlProcessUtilizationInfo_v1_t *)out)[at] = *record;
}

static void write_old(void *out, unsigned at, const nvmlProcessUtilizationInfo_v1_t *record) {
  ((nvmlProcessUtilizationSample_t *)out)[at] =
      (nvmlProcessUtilizationSample_t){record->pid,     record->timeStamp, record->smUtil,
                                       record->memUtil, record->encUtil,   record->decUtil};
}

nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device,
                                             nvmlProcessUtilizationSample_t *out, unsigned *count,
                                             unsigned long long since) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_ProcessUtilization);
  if (rc == NVML_SUCCESS && count == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS && out == NULL) *count = 0;
  if (rc == NVML_SUCCESS) rc = utilization(&call, since, count, out, write_old);
  return end_list(&call, rc, count);
}

nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device,
                                                   nvmlProcessesUtilizationInfo_t *info) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_ProcessesUtilizationInfo);
  if (rc == NVML_SUCCESS && info == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS && info->version != nvmlProcessesUtilizationInfo_v1)
    rc = NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  if (rc == NVML_SUCCESS && info->procUtilArray == NULL) info->processSamplesCount = 0;
  if (rc == NVML_SUCCESS)
    rc = utilization(&call, info->lastSeenTimeStamp, &info->processSamplesCount,
                     info->procUtilArray, write_new);
  return end_list(&call, rc, &info->processSamplesCount);
}
