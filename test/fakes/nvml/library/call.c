/* One call into the library: whether it is answered at all, and what with. */
#include "fake.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct nvmlDevice_st {
  int gpu;
  int mig;
};

static struct nvmlDevice_st devices[MAX_GPUS][1 + MAX_MIGS];
/* How often nvmlInit succeeded more than nvmlShutdown. */
static int initialized;
/* An answer of Init that stays: a library does not recover from a driver that was replaced. */
static nvmlReturn_t stuck;
static unsigned char logged[KEY_COUNT];
static uint64_t spent;
static uint64_t calls;

uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

nvmlDevice_t device_handle(int gpu, int mig) {
  struct nvmlDevice_st *device = &devices[gpu][mig + 1];
  *device = (struct nvmlDevice_st){gpu, mig};
  return device;
}

bool device_known(nvmlDevice_t device, int *gpu, int *mig) {
  uintptr_t offset = (uintptr_t)device - (uintptr_t)devices;
  if (offset >= sizeof devices || offset % sizeof **devices != 0) return false;
  *gpu = device->gpu;
  *mig = device->mig;
  return true;
}

static bool misbehaves(const struct value *value) {
  return value->form == GARBAGE || value->form == UNWRITTEN;
}

/* What the key without arguments says: its value, or something about the call as a whole. */
static nvmlReturn_t obey(struct call *call, int section, enum key key) {
  struct value value;
  struct entry *entry = world_find(call->world, section, key, NONE, NONE, NONE);
  nvmlReturn_t rc = value_now(call->world, entry, &value);
  if (!misbehaves(&call->whole) && (key == call->key || misbehaves(&value))) call->whole = value;
  return rc;
}

static nvmlReturn_t begin(struct call *call, enum key key) {
  *call = (struct call){.key = key, .gpu = NONE, .mig = NONE, .began = now_ns()};
  call->world = world_get();
  if (call->world == NULL) return NVML_ERROR_UNKNOWN;
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  if (!__atomic_exchange_n(&logged[key], 1, __ATOMIC_RELAXED))
    world_log(call->world, "call", key_rows[key].name);
  return NVML_SUCCESS;
}

nvmlReturn_t call_system(struct call *call, enum key key) {
  nvmlReturn_t rc = begin(call, key);
  if (rc != NVML_SUCCESS) return rc;
  if (key != K_Init && __atomic_load_n(&initialized, __ATOMIC_ACQUIRE) == 0)
    return NVML_ERROR_UNINITIALIZED;
  return obey(call, 0, key);
}

nvmlReturn_t call_device(struct call *call, nvmlDevice_t device, enum key key) {
  nvmlReturn_t rc = begin(call, key);
  if (rc != NVML_SUCCESS) return rc;
  if (__atomic_load_n(&initialized, __ATOMIC_ACQUIRE) == 0) return NVML_ERROR_UNINITIALIZED;
  if (!device_known(device, &call->gpu, &call->mig)) return NVML_ERROR_INVALID_ARGUMENT;
  int gpu = call->world->section_of[call->gpu][0];
  call->section = call->world->section_of[call->gpu][call->mig + 1];
  /* The GPU was taken out, or the MIG device destroyed, after its handle was given. */
  if (gpu == NONE || call->section == NONE) return NVML_ERROR_INVALID_ARGUMENT;
  rc = obey(call, gpu, K_every);
  if (rc == NVML_SUCCESS && call->section != gpu) rc = obey(call, call->section, K_every);
  if (rc == NVML_SUCCESS) rc = obey(call, call->section, key);
  return rc;
}

nvmlReturn_t call_end(struct call *call, nvmlReturn_t rc) {
  if (call->world != NULL) world_put_back(call->world);
  __atomic_fetch_add(&spent, now_ns() - call->began, __ATOMIC_RELAXED);
  return rc;
}

nvmlReturn_t call_value(struct call *call, enum key key, int a, int b, int c, struct value *value) {
  nvmlReturn_t rc = NVML_SUCCESS;
  if (misbehaves(&call->whole) || (key == call->key && a == NONE))
    *value = call->whole;
  else
    rc = value_now(call->world, world_find(call->world, call->section, key, a, b, c), value);
  return rc == NVML_SUCCESS && value->form == NOTHING ? NVML_ERROR_NOT_SUPPORTED : rc;
}

nvmlReturn_t call_number(struct call *call, enum key key, int a, int b, int c,
                         struct value *value) {
  nvmlReturn_t rc = call_value(call, key, a, b, c, value);
  if (rc != NVML_SUCCESS || misbehaves(value)) return rc;
  return value_number(call->world, world_find(call->world, call->section, key, a, b, c), value);
}

nvmlReturn_t call_text(struct call *call, enum key key, int a, int b, char *out, unsigned length) {
  struct value value;
  nvmlReturn_t rc = call_value(call, key, a, b, NONE, &value);
  if (rc != NVML_SUCCESS || value.form == UNWRITTEN) return rc;
  if (value.form == GARBAGE) {
    /* Text without an end. */
    memset(out, '#', length);
    return NVML_SUCCESS;
  }
  if ((unsigned)value.length >= length) return NVML_ERROR_INSUFFICIENT_SIZE;
  memcpy(out, value.text, (size_t)value.length);
  out[value.length] = '\0';
  return NVML_SUCCESS;
}

long double call_option(struct call *call, int section, enum key key, long double otherwise) {
  struct value value;
  struct entry *entry = world_find(call->world, section, key, NONE, NONE, NONE);
  if (entry == NULL || value_now(call->world, entry, &value) != NVML_SUCCESS) return otherwise;
  return value_number(call->world, entry, &value) == NVML_SUCCESS ? value.number : otherwise;
}

/* ---- lifecycle ---- */

static nvmlReturn_t init(void) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_Init);
  if (stuck != NVML_SUCCESS) rc = stuck;
  if (rc == NVML_ERROR_LIB_RM_VERSION_MISMATCH) stuck = rc;
  if (rc == NVML_SUCCESS) __atomic_fetch_add(&initialized, 1, __ATOMIC_ACQ_REL);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlInit_v2(void) {
  return init();
}
nvmlReturn_t nvmlInit(void) {
  return init();
}

nvmlReturn_t nvmlInitWithFlags(unsigned flags) {
  (void)flags;
  return init();
}

nvmlReturn_t nvmlShutdown(void) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_Shutdown);
  if (rc == NVML_SUCCESS) __atomic_fetch_sub(&initialized, 1, __ATOMIC_ACQ_REL);
  return call_end(&call, rc);
}

/* Not NVML's: from now on this scenario, in a library that is as good as freshly loaded. */
int fakeNvmlScenario(const char *path) {
  world_choose(path);
  __atomic_store_n(&initialized, 0, __ATOMIC_RELEASE);
  stuck = NVML_SUCCESS;
  memset(logged, 0, sizeof logged);
  return 0;
}

/* Not NVML's: nanoseconds that calls took in here, and how many there were. For benchmarks. */
int fakeNvmlSpent(unsigned long long *nanoseconds, unsigned long long *count) {
  *nanoseconds = __atomic_load_n(&spent, __ATOMIC_RELAXED);
  *count = __atomic_load_n(&calls, __ATOMIC_RELAXED);
  return 0;
}
