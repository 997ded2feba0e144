/*
 * Uses a libnvidia-ml.so.1 as little as a C program can: what the fake does to a process is seen
 * here without anybody else's bindings.
 *
 *   client LIBRARY power N     nvmlInit_v2, then the first GPU's power N times
 *   client LIBRARY memory      the same GPU's memory, by version 2 of the struct
 *   client LIBRARY events N    N events of all GPUs
 *   client LIBRARY has NAME    whether there is such a function
 *
 * Each answer is a line "RETURN VALUE …".
 */
#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <dlfcn.h>
#include <nvml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

static void *function(const char *name) {
  void *found = dlsym(library, name);
  if (found != NULL) return found;
  fprintf(stderr, "%s\n", dlerror());
  exit(2);
}
#define CALL(name, ...) ((typeof(name) *)function(#name))(__VA_ARGS__)

/* At once: the next call may be the last. */
static void say(nvmlReturn_t rc, unsigned long long value, unsigned long long more) {
  printf("%d %llu %llu\n", (int)rc, rc == NVML_SUCCESS ? value : 0, rc == NVML_SUCCESS ? more : 0);
  fflush(stdout);
}

static int power(int times) {
  nvmlDevice_t device = NULL;
  unsigned watts = 0;
  CALL(nvmlDeviceGetHandleByIndex_v2, 0, &device);
  for (int i = 0; i < times; i++) {
    nvmlReturn_t rc = CALL(nvmlDeviceGetPowerUsage, device, &watts);
    say(rc, watts, 0);
  }
  return 0;
}

static int memory(void) {
  nvmlDevice_t device = NULL;
  nvmlMemory_v2_t memory = {.version = nvmlMemory_v2};
  CALL(nvmlDeviceGetHandleByIndex_v2, 0, &device);
  nvmlReturn_t rc = CALL(nvmlDeviceGetMemoryInfo_v2, device, &memory);
  say(rc, memory.total, memory.used);
  return 0;
}

static int events(int times) {
  nvmlEventSet_t set = NULL;
  nvmlDevice_t device = NULL;
  unsigned count = 0;
  CALL(nvmlEventSetCreate, &set);
  CALL(nvmlDeviceGetCount_v2, &count);
  for (unsigned i = 0; i < count; i++) {
    CALL(nvmlDeviceGetHandleByIndex_v2, i, &device);
    CALL(nvmlDeviceRegisterEvents, device, nvmlEventTypeXidCriticalError, set);
  }
  for (int i = 0; i < times; i++) {
    nvmlEventData_t data = {0};
    unsigned index = 0;
    nvmlReturn_t rc = CALL(nvmlEventSetWait_v2, set, &data, 30000);
    if (rc == NVML_SUCCESS) CALL(nvmlDeviceGetIndex, data.device, &index);
    say(rc, index, data.eventData);
  }
  return (int)CALL(nvmlEventSetFree, set);
}

int main(int argc, char **argv) {
  library = argc < 3 ? NULL : dlopen(argv[1], RTLD_NOW);
  if (library == NULL) {
    fprintf(stderr, "client: %s\n", argc < 3 ? "which library, and what?" : dlerror());
    return 2;
  }
  const char *what = argv[2];
  const char *argument = argc > 3 ? argv[3] : "1";
  if (strcmp(what, "has") == 0) return dlsym(library, argument) == NULL;
  nvmlReturn_t rc = CALL(nvmlInit_v2);
  if (rc != NVML_SUCCESS) return say(rc, 0, 0), 0;
  if (strcmp(what, "power") == 0) return power(atoi(argument));
  if (strcmp(what, "memory") == 0) return memory();
  return strcmp(what, "events") == 0 ? events(atoi(argument)) : 2;
}
