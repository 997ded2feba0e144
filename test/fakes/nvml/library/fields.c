/* Field values: many numbers by one call, each with an answer of its own. */
#include "fake.h"

/* How long the driver says that it took for a field. */
#define LATENCY_US 12

static nvmlReturn_t field(struct call *call, nvmlFieldValue_t *out, long double field_max) {
  struct value value;
  int scope = out->scopeId == ~0u ? ALL : (int)out->scopeId;
  if (out->fieldId >= field_max) return NVML_ERROR_INVALID_ARGUMENT;
  nvmlReturn_t rc = call_number(call, K_FieldValue, (int)out->fieldId, scope, NONE, &value);
  /* Fields without a scope are written without one, and asked for with 0. */
  if (rc == NVML_ERROR_NOT_SUPPORTED && scope == 0)
    rc = call_number(call, K_FieldValue, (int)out->fieldId, NONE, NONE, &value);
  if (rc != NVML_SUCCESS || value.form == UNWRITTEN) return rc;
  out->timestamp = (long long)now_us();
  out->latencyUsec = LATENCY_US;
  if (value.form == GARBAGE) {
    /* A type that there is not. */
    out->valueType = (nvmlValueType_t)value.garbage;
    return rc;
  }
  out->valueType = (nvmlValueType_t)value.type;
  if (value.type == NVML_VALUE_TYPE_DOUBLE)
    out->value.dVal = (double)value.number;
  else
    store(&out->value,
          value.type == NVML_VALUE_TYPE_UNSIGNED_INT || value.type == NVML_VALUE_TYPE_SIGNED_INT ? 4
          : value.type == 6 ? 2 /* unsigned short, of later headers */
                            : 8,
          value.number);
  return rc;
}

nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_FieldValues);
  if (rc == NVML_SUCCESS && (count <= 0 || values == NULL)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc != NVML_SUCCESS || call.whole.form == UNWRITTEN) return call_end(&call, rc);
  /* Ids from here on are younger than the driver. */
  long double field_max = call_option(&call, 0, K_FieldMax, 1e9L);
  for (int i = 0; i < count; i++) values[i].nvmlReturn = field(&call, &values[i], field_max);
  return call_end(&call, rc);
}
