/* GPU performance monitoring: metrics between two samples. */
#include "fake.h"

#include <stdlib.h>

/* More than anybody needs: a program that forgets to free its samples is found out. */
#define MOST_SAMPLES 1024

struct nvmlGpmSample_st {
  uint64_t magic;
  int gpu;
  /* Index of the section whose metrics these are, when it was taken. */
  int section;
  uint64_t taken;
};

#define MAGIC 0x6e766d6c73616d70ull

static int samples;

static bool is_sample(nvmlGpmSample_t sample) {
  return sample != NULL && sample->magic == MAGIC;
}

nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *support) {
  if (support == NULL) return NVML_ERROR_INVALID_ARGUMENT;
  if (support->version != NVML_GPM_SUPPORT_VERSION) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  return number_device(device, K_GpmQueryDeviceSupport, NONE, NONE, NONE,
                       &support->isSupportedDevice, sizeof support->isSupportedDevice);
}

nvmlReturn_t nvmlGpmSampleAlloc(nvmlGpmSample_t *sample) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_GpmSampleAlloc);
  if (rc == NVML_SUCCESS && sample == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS && __atomic_load_n(&samples, __ATOMIC_RELAXED) >= MOST_SAMPLES)
    rc = NVML_ERROR_MEMORY;
  if (rc == NVML_SUCCESS) {
    __atomic_fetch_add(&samples, 1, __ATOMIC_RELAXED);
    *sample = calloc(1, sizeof **sample);
    **sample = (struct nvmlGpmSample_st){.magic = MAGIC, .gpu = NONE};
  }
  return call_end(&call, rc);
}

nvmlReturn_t nvmlGpmSampleFree(nvmlGpmSample_t sample) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_GpmSampleFree);
  if (rc == NVML_SUCCESS && !is_sample(sample)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) {
    __atomic_fetch_sub(&samples, 1, __ATOMIC_RELAXED);
    sample->magic = 0;
    free(sample);
  }
  return call_end(&call, rc);
}

static void take(nvmlGpmSample_t sample, int gpu, int section) {
  *sample = (struct nvmlGpmSample_st){MAGIC, gpu, section, now_ns()};
}

nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t sample) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_GpmSampleGet);
  if (rc == NVML_SUCCESS && (!is_sample(sample) || call.mig != NONE))
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) take(sample, call.gpu, call.section);
  return call_end(&call, rc);
}

/* The section of the first MIG device of a GPU instance. */
static int section_of_instance(struct call *call, unsigned id) {
  for (int mig = 0; mig < MAX_MIGS; mig++) {
    int section = call->world->section_of[call->gpu][mig + 1];
    if (section != NONE && call_option(call, section, K_GpuInstanceId, -1) == id) return section;
  }
  return NONE;
}

nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned instance, nvmlGpmSample_t sample) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_GpmMigSampleGet);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  int section = section_of_instance(&call, instance);
  if (!is_sample(sample) || call.mig != NONE || section == NONE)
    rc = NVML_ERROR_INVALID_ARGUMENT;
  else
    take(sample, call.gpu, section);
  return call_end(&call, rc);
}

/* Units and names for people are left out, as newer drivers may do. */
static nvmlReturn_t metric(struct call *call, nvmlGpmMetric_t *out) {
  struct value value;
  nvmlReturn_t rc = call_number(call, K_Gpm, (int)out->metricId, NONE, NONE, &value);
  if (rc == NVML_SUCCESS && value.form == TEXT) out->value = (double)value.number;
  return rc;
}

nvmlReturn_t nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *get) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_GpmMetricsGet);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  nvmlGpmSample_t older = get->sample1, newer = get->sample2;
  if (get->version != NVML_GPM_METRICS_GET_VERSION)
    rc = NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  else if (!is_sample(older) || !is_sample(newer) || older->taken == 0 ||
           newer->taken <= older->taken || older->gpu != newer->gpu ||
           older->section != newer->section || newer->section >= call.world->section_count)
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc != NVML_SUCCESS || call.whole.form == UNWRITTEN) return call_end(&call, rc);
  call.gpu = newer->gpu;
  call.section = newer->section;
  for (unsigned i = 0; i < get->numMetrics; i++)
    get->metrics[i].nvmlReturn = metric(&call, &get->metrics[i]);
  return call_end(&call, rc);
}
