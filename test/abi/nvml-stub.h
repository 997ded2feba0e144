/*
 * A libnvidia-ml whose every answer is a number of its own, written through the real nvml.h: what ffi/nvml.ts
 * reads at a wrong offset, or as the wrong type, is another number. It knows no GPU. OLD leaves out what
 * drivers before 470 lack, TRAP is a driver of the time of 535.54.
 */
#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <nvml.h>
#include <string.h>

typedef unsigned u32;
typedef unsigned long long u64;
#define BIG 0x100000000ULL /* lost by who reads 32 bits only */

#define API(name, ...) nvmlReturn_t nvml##name(__VA_ARGS__)
#define D nvmlDevice_t d
#define OK return NVML_SUCCESS;

/* Handles look like the addresses that they are. */
#define FIRST 0x7f5500001000UL
#define APART 0x40UL
static inline u32 number_of(D) { return (u32)(((unsigned long)d - FIRST) / APART); }
