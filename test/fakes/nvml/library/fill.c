/* Whole calls that answer a number, a text or a struct. */
#include "fake.h"

#include <string.h>

nvmlReturn_t number_device(nvmlDevice_t device, enum key key, int a, int b, int c, void *out,
                           size_t bytes) {
  struct call call;
  struct value value;
  nvmlReturn_t rc = call_device(&call, device, key);
  if (rc == NVML_SUCCESS)
    rc = out == NULL ? NVML_ERROR_INVALID_ARGUMENT : call_number(&call, key, a, b, c, &value);
  if (rc == NVML_SUCCESS && value.form == TEXT) store(out, bytes, value.number);
  return call_end(&call, rc);
}

nvmlReturn_t text_device(nvmlDevice_t device, enum key key, int a, char *out, unsigned length) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, key);
  if (rc == NVML_SUCCESS)
    rc = out == NULL ? NVML_ERROR_INVALID_ARGUMENT : call_text(&call, key, a, NONE, out, length);
  return call_end(&call, rc);
}

nvmlReturn_t fill(struct call *call, void *out, const struct member *members, int count, int a,
                  int b) {
  bool any = false;
  for (int i = 0; i < count; i++) {
    struct value value;
    int at[ARGUMENTS] = {a == NONE ? i : a,
                         a == NONE   ? NONE
                         : b == NONE ? i
                                     : b,
                         a == NONE || b == NONE ? NONE : i};
    nvmlReturn_t rc = call_number(call, call->key, at[0], at[1], at[2], &value);
    if (rc == NVML_ERROR_NOT_SUPPORTED) continue;
    if (rc != NVML_SUCCESS) return rc;
    any = true;
    if (value.form == TEXT) store((char *)out + members[i].offset, members[i].bytes, value.number);
  }
  return any ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t fill_device(nvmlDevice_t device, enum key key, void *out, const struct member *members,
                         int count, int a, int b) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, key);
  if (rc == NVML_SUCCESS)
    rc = out == NULL ? NVML_ERROR_INVALID_ARGUMENT : fill(&call, out, members, count, a, b);
  return call_end(&call, rc);
}
