/* Functions that find a device and say what and where it is; MIG devices too. */
#include "fake.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned *count) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_Count);
  if (rc == NVML_SUCCESS && count == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc != NVML_SUCCESS || call.whole.form == UNWRITTEN) return call_end(&call, rc);
  *count = (unsigned)call.world->gpu_count;
  if (call.whole.form == GARBAGE) *count = call.whole.garbage;
  if (call.whole.form == TEXT) *count = (unsigned)call_option(&call, 0, K_Count, 0);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceGetCount(unsigned *count) {
  return nvmlDeviceGetCount_v2(count);
}

/* What the scenario says about getting this handle, and the handle. */
static nvmlReturn_t give(const struct call *call, int gpu, int mig, nvmlDevice_t *device) {
  struct value value;
  int section = call->world->section_of[gpu][mig + 1];
  enum key key = mig == NONE ? K_Handle : K_MigDeviceHandle;
  struct entry *entry = world_find(call->world, section, key, NONE, NONE, NONE);
  nvmlReturn_t rc = value_now(call->world, entry, &value);
  int whole = call->world->section_of[gpu][0];
  /* A GPU that is off the bus has no handle for who asks now; whoever has one keeps it. */
  if (value_peek(world_find(call->world, whole, K_every, NONE, NONE, NONE)) ==
      NVML_ERROR_GPU_IS_LOST)
    rc = NVML_ERROR_GPU_IS_LOST;
  if (rc == NVML_SUCCESS && value.form != UNWRITTEN) *device = device_handle(gpu, mig);
  return rc;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t *device) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_Handle);
  if (rc == NVML_SUCCESS && (device == NULL || index >= (unsigned)call.world->gpu_count))
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) rc = give(&call, call.world->gpus[index], NONE, device);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t *device) {
  return nvmlDeviceGetHandleByIndex_v2(index, device);
}

/* The device, GPU or MIG, whose text under a key is this one; in any case of letters. */
static nvmlReturn_t find(enum key key, int argument, const char *text, nvmlDevice_t *device) {
  struct call call;
  nvmlReturn_t rc = call_system(&call, K_Handle);
  if (rc == NVML_SUCCESS && (text == NULL || device == NULL)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc != NVML_SUCCESS) return call_end(&call, rc);
  for (int i = 0; i < call.world->section_count; i++) {
    const struct section *section = &call.world->sections[i];
    const struct entry *entry = world_find(call.world, i, key, argument, NONE, NONE);
    if (entry == NULL || section->absent || strcasecmp(entry->text, text) != 0) continue;
    return call_end(&call, give(&call, section->gpu, section->mig, device));
  }
  return call_end(&call, NVML_ERROR_NOT_FOUND);
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
  return find(K_UUID, NONE, uuid, device);
}

nvmlReturn_t nvmlDeviceGetHandleBySerial(const char *serial, nvmlDevice_t *device) {
  return find(K_Serial, NONE, serial, device);
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, nvmlDevice_t *device) {
  return find(K_PciInfo, 0, bus_id, device);
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId(const char *bus_id, nvmlDevice_t *device) {
  return nvmlDeviceGetHandleByPciBusId_v2(bus_id, device);
}

/* Its position among the GPUs that are present, unless the scenario says otherwise. */
nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned *index) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_Index);
  for (int i = 0; rc == NVML_SUCCESS && i < call.world->gpu_count; i++)
    if (call.world->gpus[i] == call.gpu) *index = (unsigned)i;
  if (rc == NVML_SUCCESS && call.whole.form == TEXT)
    *index = (unsigned)call_option(&call, call.section, K_Index, 0);
  return call_end(&call, rc);
}

/* ---- PCI ---- */

static nvmlReturn_t pci_info(struct call *call, int link, nvmlPciInfo_t *pci) {
  struct value id;
  int of = link == NONE ? 0 : link;
  char bus_id[NVML_DEVICE_PCI_BUS_ID_BUFFER_SIZE] = "";
  nvmlReturn_t rc = call_text(call, call->key, of, link == NONE ? NONE : 0, bus_id, sizeof bus_id);
  if (rc != NVML_SUCCESS || call->whole.form == UNWRITTEN) return rc;
  memset(pci, 0, sizeof *pci);
  memcpy(pci->busId, bus_id, sizeof bus_id);
  sscanf(bus_id, "%x:%x:%x", &pci->domain, &pci->bus, &pci->device);
  snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xffff,
           pci->bus & 0xff, pci->device & 0x1f);
  if (call_number(call, call->key, link == NONE ? 1 : link, link == NONE ? NONE : 1, NONE, &id) ==
      NVML_SUCCESS)
    pci->pciDeviceId = (unsigned)id.number;
  if (call_number(call, call->key, link == NONE ? 2 : link, link == NONE ? NONE : 2, NONE, &id) ==
      NVML_SUCCESS)
    pci->pciSubSystemId = (unsigned)id.number;
  return rc;
}

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_PciInfo);
  if (rc == NVML_SUCCESS)
    rc = pci == NULL ? NVML_ERROR_INVALID_ARGUMENT : pci_info(&call, NONE, pci);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t device, unsigned link,
                                                 nvmlPciInfo_t *pci) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_NvLinkRemotePciInfo);
  if (rc == NVML_SUCCESS && (pci == NULL || link >= NVML_NVLINK_MAX_LINKS))
    rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) rc = pci_info(&call, (int)link, pci);
  return call_end(&call, rc);
}

/* ---- MIG ---- */

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned index,
                                                 nvmlDevice_t *mig_device) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_MigDeviceHandle);
  if (rc == NVML_SUCCESS && mig_device == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS &&
      (index >= MAX_MIGS || call.world->section_of[call.gpu][index + 1] == NONE))
    rc = NVML_ERROR_NOT_FOUND;
  if (rc == NVML_SUCCESS) rc = give(&call, call.gpu, (int)index, mig_device);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig_device,
                                                          nvmlDevice_t *device) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, mig_device, K_MigDeviceHandle);
  if (rc == NVML_SUCCESS && (device == NULL || call.mig == NONE)) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) *device = device_handle(call.gpu, NONE);
  return call_end(&call, rc);
}

nvmlReturn_t nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned *is) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_MigDeviceHandle);
  if (rc == NVML_SUCCESS && is == NULL) rc = NVML_ERROR_INVALID_ARGUMENT;
  if (rc == NVML_SUCCESS) *is = call.mig != NONE;
  return call_end(&call, rc);
}

/* Only root and holders of a capability file may look at instances themselves. */
static nvmlReturn_t instances(nvmlDevice_t device) {
  struct call call;
  nvmlReturn_t rc = call_device(&call, device, K_GpuInstances);
  return call_end(&call, rc == NVML_SUCCESS ? NVML_ERROR_NO_PERMISSION : rc);
}

nvmlReturn_t nvmlDeviceGetGpuInstances(nvmlDevice_t device, unsigned profile,
                                       nvmlGpuInstance_t *list, unsigned *count) {
  (void)profile, (void)list, (void)count;
  return instances(device);
}

nvmlReturn_t nvmlDeviceGetGpuInstanceProfileInfoV(nvmlDevice_t device, unsigned profile,
                                                  nvmlGpuInstanceProfileInfo_v2_t *info) {
  (void)profile, (void)info;
  return instances(device);
}

nvmlReturn_t nvmlDeviceGetGpuInstanceById(nvmlDevice_t device, unsigned id,
                                          nvmlGpuInstance_t *instance) {
  (void)id, (void)instance;
  return instances(device);
}
