/** Why clocks are held down, and XID errors. */
import { dcgm, GPU, type GpuRow, gpuSignals, NS } from './gpu.ts';

/**
 * Bits of nvmlDeviceGetCurrentClocksEventReasons (older: …ThrottleReasons), by their label `reason`.
 * A GPU has a series for each that nvmlDeviceGetSupportedClocksEventReasons names.
 */
export const CLOCK_EVENT_REASONS = {
  gpu_idle: 0x1,
  applications_clocks_setting: 0x2,
  sw_power_cap: 0x4,
  hw_slowdown: 0x8,
  sync_boost: 0x10,
  sw_thermal_slowdown: 0x20,
  hw_thermal_slowdown: 0x40,
  hw_power_brake_slowdown: 0x80,
  display_clocks_setting: 0x100,
} as const;

const REASON = [...GPU, 'reason'];

const HELD: GpuRow = {
  type: 'counter',
  unit: 'seconds',
  help: 'Time for which the clocks were held down, by reason.',
  labels: REASON,
  native: 'gpu_clock_event_seconds_total',
};

const held = (name: string, help: string): GpuRow => ({
  ...HELD,
  dcgm: dcgm(name, { ...NS, help }),
});

export const GPU_CLOCK_EVENTS = gpuSignals('clock_events', {
  active: {
    type: 'gauge',
    help: 'Whether this reason holds the clocks down (or, gpu_idle, lets them rest) at this moment.',
    labels: REASON,
    native: 'gpu_clock_event_active',
  },
  /**
   * AMD: accumulators of gpu_metrics, counted in samples of the firmware. `reason`: `prochot`, `power_limit`,
   * `socket_thermal`, `vr_thermal`, `hbm_thermal` of the whole; `gfx_below_limit_power`, `gfx_below_limit_thermal`,
   * `gfx_low_utilization`, `gfx_below_limit` of a compute die, the mean over them. Of `active`, AMD's reasons are `power`, `current`, `thermal`, `prochot`.
   */
  residency: {
    type: 'counter',
    help: "Samples of the firmware in which this reason held the clocks down; its share of time is this one's rate by that of gpu_clock_event_samples_total.",
    labels: REASON,
    native: 'gpu_clock_event_residency_samples_total',
  },
  samples: {
    type: 'counter',
    help: 'Samples that the firmware took.',
    native: 'gpu_clock_event_samples_total',
  },
});

/**
 * One family; a row per reason because DCGM has a name for each. The key is the label `reason`.
 * NVML field ids: 74 to 79 in this order, then 269, 270, 271; nanoseconds.
 */
export const GPU_CLOCK_EVENT_SECONDS = gpuSignals(
  'clock_events',
  {
    sw_power_cap: held('DCGM_FI_DEV_POWER_VIOLATION', 'Time held down by the power limit.'),
    thermal: held('DCGM_FI_DEV_THERMAL_VIOLATION', 'Time held down by temperature.'),
    sync_boost: held('DCGM_FI_DEV_SYNC_BOOST_VIOLATION', 'Time held down by sync boost.'),
    board_limit: held('DCGM_FI_DEV_BOARD_LIMIT_VIOLATION', 'Time held down by the board limit.'),
    low_utilization: held('DCGM_FI_DEV_LOW_UTIL_VIOLATION', 'Time held down by low utilization.'),
    reliability: held('DCGM_FI_DEV_RELIABILITY_VIOLATION', 'Time held down for reliability.'),
    sw_thermal_slowdown: HELD,
    hw_thermal_slowdown: HELD,
    hw_power_brake_slowdown: HELD,
  },
  'seconds',
);

/** A series per XID number that was seen since the probe first looked. */
export const GPU_XID = gpuSignals('xid', {
  errors: {
    type: 'counter',
    help: 'XID errors that the driver reported, by number.',
    labels: [...GPU, 'xid'],
    native: 'gpu_xid_errors_total',
  },
  lastSeen: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of the last XID error with this number. To be alerted on: a counter that starts at 1 has no increase.',
    labels: [...GPU, 'xid'],
    native: 'gpu_xid_last_timestamp_seconds',
  },
  /** 0 while the driver listens and none was seen. Labels `err_code` and `err_msg` where the source gives them. */
  last: {
    type: 'gauge',
    help: 'Number of the last XID error, 0 for none.',
    dcgm: dcgm('DCGM_FI_DEV_XID_ERRORS', { extra: ['err_code', 'err_msg'] }),
  },
});
