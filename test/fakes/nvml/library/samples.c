/*
 * Sample buffers: what the driver read between two polls. The values of a scenario come round and
 * round, at multiples of their period since 1970, so that every process sees the same at the same
 * time.
 */
#include "fake.h"

#include <string.h>

#define MOST_VALUES 512

struct samples {
  long double values[MOST_VALUES];
  int count;
  nvmlValueType_t type;
  uint64_t period_us;
  unsigned kept;
};

/* `71000 72500 305000 every 20ms keep 120 +1000*gpu`; a term with a sign is added to all. */
static nvmlReturn_t read_samples(const struct call *call, const struct entry *entry,
                                 const struct value *text, struct samples *out) {
  const char *at = text->text, *end = at + text->length, *word;
  const struct section *section = &call->world->sections[entry->section];
  struct number number;
  long double all = 0;
  size_t length;
  /* As the driver has them. */
  *out = (struct samples){.type = NVML_VALUE_TYPE_UNSIGNED_INT, .period_us = 100000, .kept = 120};
  while (next_word(&at, end, &word, &length)) {
    bool every = length == 5 && memcmp(word, "every", 5) == 0;
    bool keep = length == 4 && memcmp(word, "keep", 4) == 0;
    if ((every || keep) && !next_word(&at, end, &word, &length)) return NVML_ERROR_UNKNOWN;
    if (every) {
      out->period_us = duration(word, length) / 1000;
      continue;
    }
    if (!number_parse(section, entry->n, word, word + length, &number)) return NVML_ERROR_UNKNOWN;
    if (keep)
      out->kept = (unsigned)number.base;
    else if (*word == '+' || *word == '-')
      all += number.base;
    else if (out->count < MOST_VALUES)
      out->values[out->count++] = number.base;
    if (number.type == NVML_VALUE_TYPE_DOUBLE) out->type = NVML_VALUE_TYPE_DOUBLE;
  }
  for (int i = 0; i < out->count; i++) out->values[i] += all;
  return out->count > 0 && out->period_us > 0 && out->kept > 0 ? NVML_SUCCESS : NVML_ERROR_UNKNOWN;
}

nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t device, nvmlSamplingType_t type,
                                  unsigned long long since, nvmlValueType_t *value_type,
                                  unsigned *count, nvmlSample_t *out) {
  struct call call;
  struct value value;
  struct samples samples;
  nvmlReturn_t rc = call_device(&call, device, K_Samples);
  if (rc == NVML_SUCCESS && (count == NULL || value_type == NULL || (out != NULL && *count == 0)))
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) rc = call_value(&call, K_Samples, (int)type, NONE, NONE, &value);
  if (rc != NVML_SUCCESS || value.form == UNWRITTEN) return call_end(&call, rc);
  if (value.form == GARBAGE) return *count = value.garbage, call_end(&call, rc);
  const struct entry *entry =
      world_find(call.world, call.section, K_Samples, (int)type, NONE, NONE);
  /* A list is no single number, even one of one value. */
  value = (struct value){.form = TEXT, .text = value.text, .length = value.length};
  rc = read_samples(&call, entry, &value, &samples);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  *value_type = samples.type;
  if (out == NULL) return *count = samples.kept, call_end(&call, rc);
  uint64_t last = now_us() / samples.period_us;
  uint64_t first = last - samples.kept + 1;
  if (since / samples.period_us >= first) first = since / samples.period_us + 1;
  unsigned found = 0;
  for (uint64_t at = first; at <= last && found < *count; at++, found++) {
    long double number = samples.values[at % (uint64_t)samples.count];
    out[found].timeStamp = at * samples.period_us;
    if (samples.type == NVML_VALUE_TYPE_DOUBLE)
      out[found].sampleValue.dVal = (double)number;
    else
      store(&out[found].sampleValue, sizeof(unsigned), number);
  }
  *count = found;
  return call_end(&call, found == 0 ? NVML_ERROR_NOT_FOUND : NVML_SUCCESS);
}
