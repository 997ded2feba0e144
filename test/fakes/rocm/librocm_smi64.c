/*
 * A librocm_smi64 of ROCm 7, of which Debian has no package: its structs as they have grown by then, and numbers
 * that no file says. Compiled with -DROCM5_LEVELS it has the version of ROCm 7 and the clocks of ROCm 5, which no
 * release has: who reads it has to look twice.
 *
 * Three devices: an MI300X whose first partition is device 0 and second is device 1, and another one. They are
 * found in this order, whatever is in /sys.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS, INVALID_ARGS, NOT_SUPPORTED, INIT_ERROR = 8, INSUFFICIENT_SIZE = 11 };
#define THREAD_ONLY_MUTEX 0x400000000000000ULL
#define DEVICES 3
#define XCP 8

typedef struct {
    uint32_t gfx_busy_inst[8];
    uint16_t jpeg_busy[40];
    uint16_t vcn_busy[4];
    uint64_t accumulated[6][8];
} partition_t;

typedef struct {
    uint16_t size;
    uint8_t format, content;
    uint16_t edge, hotspot, mem, vrgfx, vrsoc, vrmem, gfx, umc, mm, power;
    uint64_t energy, clock_counter;
    uint16_t averages[7];
    uint16_t gfxclk, socclk, uclk, vclk0, dclk0, vclk1, dclk1;
    uint32_t throttle_status;
    uint16_t fan, pcie_width, pcie_speed;
    uint32_t gfx_acc, mem_acc;
    uint16_t hbm[4];
    uint64_t firmware_timestamp;
    uint16_t voltage_soc, voltage_gfx, voltage_mem;
    uint64_t indep_throttle_status;
    uint16_t socket_power, vcn[4];
    uint32_t lock;
    uint16_t xgmi_width, xgmi_speed;
    uint64_t pcie_bandwidth_acc, pcie_bandwidth_inst, l0_to_recovery, pcie_replays, replay_rollover;
    uint64_t xgmi_read[8], xgmi_write[8];
    uint16_t gfxclks[8], socclks[4], vclk0s[4], dclk0s[4], jpeg[32];
    uint32_t nak_sent, nak_received;
    uint64_t samples, prochot, ppt, socket_thermal, vr_thermal, hbm_thermal;
    uint16_t partitions;
    partition_t xcp[XCP];
    uint32_t other_end_recovery;
    uint64_t vram_max_bandwidth;
    uint16_t xgmi_status[8];
} metrics_t;

typedef struct {
#ifndef ROCM5_LEVELS
    bool has_deep_sleep;
#endif
    uint32_t count, current;
#ifdef ROCM5_LEVELS
    uint64_t frequency[32];
#else
    uint64_t frequency[33];
#endif
} levels_t;

typedef struct {
    levels_t rate;
    uint32_t lanes[sizeof(((levels_t *)0)->frequency) / 8];
} bandwidth_t;

typedef struct { uint32_t major, minor, patch; const char *build; } version_t;
typedef struct { uint64_t ce, ue; } errors_t;
typedef struct { uint64_t address, size; uint32_t status; } page_t;

static int initialised;

/* The real one crashes there. */
#define DEVICE(d) if (!initialised || (d) >= DEVICES) abort();
#define API(name, ...) int rsmi_##name(__VA_ARGS__)
#define GET(name, type, value) \
    API(dev_##name##_get, uint32_t d, type *out) { DEVICE(d) *out = (value); return SUCCESS; }
/* Of the only sensor there is. */
#define GET_0(name, type, value) \
    API(dev_##name##_get, uint32_t d, uint32_t i, type *out) { \
        DEVICE(d) \
        if (i) return NOT_SUPPORTED; \
        *out = (value); \
        return SUCCESS; \
    }

API(init, uint64_t flags) {
    if (flags != THREAD_ONLY_MUTEX) return INIT_ERROR;
    initialised = 1;
    return SUCCESS;
}
API(shut_down, void) { initialised = 0; return SUCCESS; }
API(version_get, version_t *v) {
    v->major = 7; v->minor = 8; v->patch = 0; v->build = "fake";
    return SUCCESS;
}
API(num_monitor_devices, uint32_t *n) { *n = DEVICES; return SUCCESS; }
API(dev_pci_id_get, uint32_t d, uint64_t *id) {
    static const uint64_t IDS[DEVICES] = {0x0500, 1 << 28 | 0x0500, 0x2600};
    DEVICE(d)
    *id = IDS[d];
    return SUCCESS;
}

GET(busy_percent, uint32_t, 90 + d)
GET(memory_busy_percent, uint32_t, 50 + d)
API(dev_memory_total_get, uint32_t d, uint32_t type, uint64_t *out) {
    DEVICE(d)
    *out = (uint64_t)(type + 1) << 37;
    return SUCCESS;
}
API(dev_memory_usage_get, uint32_t d, uint32_t type, uint64_t *out) {
    DEVICE(d)
    *out = ((uint64_t)(type + 1) << 33) + d;
    return SUCCESS;
}
/* Sensor 1, the junction, has a current value and limits; the edge is left unwritten though it succeeds. */
API(dev_temp_metric_get, uint32_t d, uint32_t sensor, uint32_t metric, int64_t *out) {
    DEVICE(d)
    if (sensor == 0 && metric == 0) return SUCCESS;
    if (sensor != 1) return NOT_SUPPORTED;
    *out = metric == 0 ? -1500 : 100000 + (int64_t)metric * 1000;
    return SUCCESS;
}
API(dev_volt_metric_get, uint32_t d, uint32_t rail, uint32_t metric, int64_t *out) {
    DEVICE(d)
    *out = 801;
    return SUCCESS;
}
GET(current_socket_power, uint64_t, 701000000 + d)
API(dev_power_get, uint32_t d, uint64_t *out, uint32_t *type) { *out = 1; *type = 1; return SUCCESS; }
API(dev_power_ave_get, uint32_t d, uint32_t i, uint64_t *out) { DEVICE(d) return NOT_SUPPORTED; }
GET_0(power_cap, uint64_t, 1000000000)
GET(power_cap_default, uint64_t, 1000000001)
API(dev_power_cap_range_get, uint32_t d, uint32_t i, uint64_t *max, uint64_t *min) {
    DEVICE(d)
    *max = 1100000000; *min = 90000000;
    return SUCCESS;
}
API(dev_energy_count_get, uint32_t d, uint64_t *counter, float *resolution, uint64_t *ns) {
    DEVICE(d)
    /* The second card's counts in another unit. */
    *counter = 1 << 20; *resolution = d == 2 ? 1000.0f : 15.259f; *ns = 1;
    return SUCCESS;
}
GET_0(fan_speed, int64_t, 51)
GET_0(fan_speed_max, uint64_t, 255)
GET_0(fan_rpms, int64_t, 1234)
GET(pci_replay_counter, uint64_t, 17)
GET(ecc_enabled, uint64_t, 0x87)
API(dev_ecc_count_get, uint32_t d, uint64_t block, errors_t *out) {
    DEVICE(d)
    if (block != 1) return NOT_SUPPORTED;
    out->ce = 0x100000001; out->ue = 2;
    return SUCCESS;
}
API(dev_memory_reserved_pages_get, uint32_t d, uint32_t *n, page_t *records) {
    DEVICE(d)
    if (records) for (uint32_t i = 0; i < *n; i++) records[i].status = i < 3 ? 0 : i - 2;
    *n = 5;
    return SUCCESS;
}

static void fill(levels_t *levels, uint32_t count, uint32_t current, const uint64_t *frequency) {
    memset(levels, 0, sizeof *levels);
    levels->count = count; levels->current = current;
    memcpy(levels->frequency, frequency, count * sizeof *frequency);
}
API(dev_gpu_clk_freq_get, uint32_t d, uint32_t clock, levels_t *out) {
    static const uint64_t MHZ = 1000000;
    DEVICE(d)
    if (clock != 0 && clock != 4) return NOT_SUPPORTED;
    fill(out, 3, 0, (uint64_t[]){131 * MHZ, 500 * MHZ, 2100 * MHZ});
#ifndef ROCM5_LEVELS
    out->has_deep_sleep = clock == 0;
#endif
    return SUCCESS;
}
API(dev_pci_bandwidth_get, uint32_t d, bandwidth_t *out) {
    DEVICE(d)
    fill(&out->rate, 2, 1, (uint64_t[]){2500000000, 32000000000});
    out->lanes[0] = 1; out->lanes[1] = 16;
    return SUCCESS;
}
API(dev_gpu_metrics_info_get, uint32_t d, metrics_t *m) {
    DEVICE(d)
    _Static_assert(sizeof *m == 4544 && offsetof(metrics_t, xcp) == 480, "as in ROCm 7");
    memset(m, 0xff, sizeof *m);
    m->size = 3872; m->format = 1; m->content = 8;
    for (int i = 0; i < 4; i++) m->vcn[i] = 10 * i;
    for (int i = 0; i < 2; i++) m->jpeg[i] = 20;
    m->voltage_soc = 805; m->voltage_mem = 1101;
    m->indep_throttle_status = 1ULL << 35;
    m->xgmi_width = 16; m->xgmi_speed = 36;
    m->l0_to_recovery = 31; m->replay_rollover = 32; m->nak_sent = 33; m->nak_received = 34;
    for (int i = 0; i < 7; i++) { m->xgmi_read[i] = 100 + i; m->xgmi_write[i] = 200 + i; }
    m->vclk0s[0] = 1400;
    m->samples = 0x200000001; m->prochot = 41; m->ppt = 42;
    m->socket_thermal = 43; m->vr_thermal = 44; m->hbm_thermal = 45;
    return SUCCESS;
}
