/* Functions about the system. */
#include "fake.h"

#include <stdio.h>
#include <string.h>

static nvmlReturn_t system_text(enum key key, char *out, unsigned length) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, key);
  if (rc == NVML_SUCCESS)
    rc = out == NULL ? NVML_ERROR_INVALID_ARGUMENT : call_text(&call, key, NONE, NONE, out, length);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned length) {
  return system_text(K_DriverVersion, version, length);
}

nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned length) {
  return system_text(K_NVMLVersion, version, length);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version) {
  struct call call;
  struct value value;
  nvmlReturn_t rc = call_system(&call, K_CudaDriverVersion);
  if (rc == NVML_SUCCESS) rc = call_number(&call, K_CudaDriverVersion, NONE, NONE, NONE, &value);
  if (rc == NVML_SUCCESS && value.form == TEXT) store(version, sizeof *version, value.number);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *version) {
  return nvmlSystemGetCudaDriverVersion_v2(version);
}

nvmlReturn_t nvmlSystemGetProcessName(unsigned pid, char *name, unsigned length) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_ProcessName);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  for (int i = 0; i < call.world->section_count; i++) {
    const struct section *section = &call.world->sections[i];
    if (section->pid != (int)pid || section->absent) continue;
    call.section = i;
    return call_end(&call, call_text(&call, K_name, NONE, NONE, name, length));
  }
  return call_end(&call, NVML_ERROR_NOT_FOUND);
}

const char *nvmlErrorString(nvmlReturn_t rc) {
  const char *name = return_name(rc);
  return name == NULL ? "no such return code" : name;
}
