/* NVLinks and the fabric behind them. Their traffic is in field values. */
#include "newer.h"

#include <stdio.h>
#include <string.h>

static nvmlReturn_t link_number(nvmlDevice_t device, enum key key, unsigned link, int which,
                                void *out, size_t bytes) {
  if (link >= NVML_NVLINK_MAX_LINKS) return NVML_ERROR_INVALID_ARGUMENT;
  return number_device(device, key, (int)link, which, NONE, out, bytes);
}

nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned link,
                                      nvmlEnableState_t *active) {
  return link_number(device, K_NvLinkState, link, NONE, active, sizeof *active);
}

nvmlReturn_t nvmlDeviceGetNvLinkVersion(nvmlDevice_t device, unsigned link, unsigned *version) {
  return link_number(device, K_NvLinkVersion, link, NONE, version, sizeof *version);
}

nvmlReturn_t nvmlDeviceGetNvLinkRemoteDeviceType(nvmlDevice_t device, unsigned link,
                                                 nvmlIntNvLinkDeviceType_t *type) {
  return link_number(device, K_NvLinkRemoteDeviceType, link, NONE, type, sizeof *type);
}

nvmlReturn_t nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t device, unsigned link,
                                             nvmlNvLinkErrorCounter_t counter,
                                             unsigned long long *value) {
  return link_number(device, K_NvLinkErrorCounter, link, (int)counter, value, sizeof *value);
}

/* ---- fabric ---- */

enum { CLUSTER, STATUS, CLIQUE, STATE, HEALTH_MASK, HEALTH_SUMMARY, NEWEST };

static unsigned member(struct call *call, int which) {
  struct value value;
  nvmlReturn_t rc = call_number(call, K_GpuFabricInfo, which, NONE, NONE, &value);
  return rc == NVML_SUCCESS ? (unsigned)value.number : 0;
}

/* All that a call needs, in the newest struct; NOT_SUPPORTED where the scenario has no state. */
static nvmlReturn_t fabric(struct call *call, struct fabric_v3 *info) {
  struct value state;
  char cluster[2 * NVML_GPU_FABRIC_UUID_LEN + 1] = "";
  nvmlReturn_t rc = call_number(call, K_GpuFabricInfo, STATE, NONE, NONE, &state);
  if (rc != NVML_SUCCESS) return rc;
  call_text(call, K_GpuFabricInfo, CLUSTER, NONE, cluster, sizeof cluster);
  for (int i = 0; i < NVML_GPU_FABRIC_UUID_LEN; i++)
    if (sscanf(cluster + 2 * i, "%2hhx", &info->v2.clusterUuid[i]) != 1) break;
  info->v2.status = (nvmlReturn_t)member(call, STATUS);
  info->v2.cliqueId = member(call, CLIQUE);
  info->v2.state = (nvmlGpuFabricState_t)state.number;
  info->v2.healthMask = member(call, HEALTH_MASK);
  info->healthSummary = (unsigned char)member(call, HEALTH_SUMMARY);
  return rc;
}

nvmlReturn_t nvmlDeviceGetGpuFabricInfo(nvmlDevice_t device, nvmlGpuFabricInfo_t *out) {
  struct call call;
  struct fabric_v3 info = {0};
  nvmlReturn_t rc = call_device(&call, device, K_GpuFabricInfo);
  if (rc == NVML_SUCCESS) rc = fabric(&call, &info);
  if (rc == NVML_SUCCESS && call.whole.form != UNWRITTEN) {
    memcpy(out->clusterUuid, info.v2.clusterUuid, sizeof out->clusterUuid);
    out->status = info.v2.status;
    out->cliqueId = info.v2.cliqueId;
    out->state = info.v2.state;
  }
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t device, nvmlGpuFabricInfoV_t *out) {
  struct call call;
  struct fabric_v3 info = {0};
  nvmlReturn_t rc = call_device(&call, device, K_GpuFabricInfo);
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  unsigned newest = member(&call, NEWEST);
  bool v2 = out->version == VERSION_WORD(nvmlGpuFabricInfo_v2_t, 2);
  bool v3 = out->version == VERSION_WORD(struct fabric_v3, 3) && newest != 2;
  rc = v2 || v3 ? fabric(&call, &info) : NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
  info.v2.version = out->version;
  if (rc == NVML_SUCCESS && call.whole.form != UNWRITTEN)
    memcpy(out, &info, v3 ? sizeof info : sizeof info.v2);
  return call_end(&call, rc);
}
