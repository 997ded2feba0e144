/* Events: a line that is added to the scenario while somebody waits. */
#include "fake.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often a waiting call looks at the scenario. */
#define LOOK_NS 2000000

struct nvmlEventSet_st {
  uint64_t magic;
  unsigned long long types[MAX_GPUS];
  /* Events of each GPU that the set needs not hear of any more. */
  int seen[MAX_GPUS];
};

#define MAGIC 0x6e766d6c73657473ull

static bool is_set(nvmlEventSet_t set) {
  return set != NULL && set->magic == MAGIC;
}

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_EventSetCreate);
  if (rc == NVML_SUCCESS && set == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) {
    *set = calloc(1, sizeof **set);
    (*set)->magic = MAGIC;
  }
  return call_end(&call, rc);
}

nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_EventSetFree);
  if (rc == NVML_SUCCESS && !is_set(set)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) {
    set->magic = 0;
    free(set);
  }
  return call_end(&call, rc);
}

/* Those that happened before the set was registered are history, unless the scenario keeps them
 * back for it. */
static int history(const struct world *world, int gpu) {
  int seen = 0;
  for (int i = 0; i < world->event_count; i++) {
    if (world->events[i].gpu != gpu) continue;
    if (world->events[i].pending) break;
    seen++;
  }
  return seen;
}

nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types,
                                      nvmlEventSet_t set) {
  struct call call;
  struct value supported;
  nvmlReturn_t rc = call_device(&call, device, K_RegisterEvents);
  if (rc == NVML_SUCCESS && !is_set(set)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS)
    rc = call_number(&call, K_SupportedEventTypes, NONE, NONE, NONE, &supported);
  if (rc == NVML_SUCCESS && (types & ~(unsigned long long)supported.number) != 0)
    rc = NVML_ERROR_NOT_SUPPORTED;
  if (rc == NVML_SUCCESS) {
    set->types[call.gpu] |= types;
    set->seen[call.gpu] = history(call.world, call.gpu);
    world_log(call.world, "registered", key_rows[K_RegisterEvents].name);
  }
  return call_end(&call, rc);
}

/* The next event that the set is registered for. */
static bool next_event(const struct world *world, nvmlEventSet_t set, nvmlEventData_t *data) {
  int at[MAX_GPUS] = {0};
  for (int i = 0; i < world->event_count; i++) {
    const struct event *event = &world->events[i];
    if (at[event->gpu]++ < set->seen[event->gpu]) continue;
    if ((set->types[event->gpu] & event->type) == 0) continue;
    set->seen[event->gpu] = at[event->gpu];
    *data = (nvmlEventData_t){device_handle(event->gpu, NONE), event->type, event->data,
                              event->gpu_instance, event->compute_instance};
    return true;
  }
  return false;
}

/* A GPU that is gone ends the wait, as often as somebody waits. */
static nvmlReturn_t lost(const struct world *world, nvmlEventSet_t set) {
  for (int gpu = 0; gpu < MAX_GPUS; gpu++) {
    int section = world->section_of[gpu][0];
    if (set->types[gpu] == 0 || section == NONE) continue;
    if (value_peek(world_find(world, section, K_every, NONE, NONE, NONE)) == NVML_ERROR_GPU_IS_LOST)
      return NVML_ERROR_GPU_IS_LOST;
  }
  return NVML_SUCCESS;
}

static nvmlReturn_t wait_for_event(nvmlEventSet_t set, nvmlEventData_t *data, unsigned timeout_ms) {
  uint64_t until = now_ns() + timeout_ms * 1000000ull;
  for (;;) {
    struct world *world = world_get();
    nvmlReturn_t rc = lost(world, set);
    bool any = rc == NVML_SUCCESS && next_event(world, set, data);
    world_put_back(world);
    if (any || rc != NVML_SUCCESS) return rc;
    if (now_ns() >= until) return NVML_ERROR_TIMEOUT;
    nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
  }
}

nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned timeout_ms) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_EventSetWait);
  if (rc == NVML_SUCCESS && (!is_set(set) || data == NULL)) rc = NVML_ERROR_INVALID_ARGUMENT;
  /* The time that it waits is not the library's. */
  call_end(&call, rc);
  return rc == NVML_SUCCESS ? wait_for_event(set, data, timeout_ms) : rc;
}

/* The struct had no instances yet. */
nvmlReturn_t nvmlEventSetWait(nvmlEventSet_t set, nvmlEventData_t *data, unsigned timeout_ms) {
  nvmlEventData_t whole;
  nvmlReturn_t rc = nvmlEventSetWait_v2(set, &whole, timeout_ms);
  if (rc == NVML_SUCCESS) memcpy(data, &whole, offsetof(nvmlEventData_t, gpuInstanceId));
  return rc;
}
