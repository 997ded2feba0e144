/* What nvml.h 12.4 is too old for and drivers since 560 have: declared by the layout that later
 * headers give. */
#ifndef FAKE_NVML_NEWER_H
#define FAKE_NVML_NEWER_H

#include "fake.h"

#define VERSION_WORD(type, version) ((unsigned)(sizeof(type) | (version) << 24))

/* {version, in: sensor, out} and its like. */
struct versioned_input {
  unsigned version;
  unsigned input;
  unsigned output;
};

struct versioned {
  unsigned version;
  unsigned output;
};

/* Version 3 is version 2 and a byte. */
struct fabric_v3 {
  nvmlGpuFabricInfo_v2_t v2;
  unsigned char healthSummary;
};

nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t device, struct versioned_input *temperature);
nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t device, struct versioned *margin);
nvmlReturn_t nvmlDeviceGetFanSpeedRPM(nvmlDevice_t device, struct versioned_input *speed);
nvmlReturn_t nvmlDeviceGetAddressingMode(nvmlDevice_t device, struct versioned *mode);

#endif
