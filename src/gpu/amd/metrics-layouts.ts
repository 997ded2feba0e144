/**
 * Where the numbers are in each revision of gpu_metrics, the table that firmware and amdgpu write (struct
 * gpu_metrics_v… in the kernel's kgd_pp_interface.h, little endian). Only what is read; what a revision tells
 * in a unit that differs from chip to chip (temperatures, loads and power of the APUs' 2.x) is not.
 */

import type { GFX_REASONS, RESIDENCY_REASONS } from './quantities.ts';

/** Offset in bytes, width in bytes, and how many of them in a row where it is more than one. */
export type Place = readonly [offset: number, width: 1 | 2 | 4 | 8, count?: number];

/** °C, per cent, watts, 2^-16 J, MHz, mV, lanes, tenths of a GT/s, Gb/s, kilobytes, samples. */
export type MetricName =
  | 'edge'
  | 'hotspot'
  | 'memory'
  | 'hbm'
  | 'gfxBusy'
  | 'memoryBusy'
  | 'mediaBusy'
  | 'vcnBusy'
  | 'jpegBusy'
  | 'averagePower'
  | 'power'
  | 'energy'
  | 'gfxclk'
  | 'socclk'
  | 'uclk'
  | 'fclk'
  | 'vclk'
  | 'pcieWidth'
  | 'pcieSpeed'
  | 'voltageSoc'
  | 'voltageGfx'
  | 'voltageMemory'
  | 'throttled'
  | 'samples'
  | `residency.${(typeof RESIDENCY_REASONS)[number] | (typeof GFX_REASONS)[number]}`
  | 'xgmiWidth'
  | 'xgmiSpeed'
  | 'xgmiRead'
  | 'xgmiWritten'
  | 'xgmiUp'
  | 'l0ToRecovery'
  | 'replayRollover'
  | 'naksSent'
  | 'naksReceived';

export interface MetricsLayout {
  /** Bytes; more than one where a revision grew without a new number. */
  readonly sizes: readonly number[];
  readonly places: Readonly<Partial<Record<MetricName, Place>>>;
  /** Of the partitions' own part: where it begins, and what is where within each. */
  readonly partitions?: { readonly at: number; readonly places: MetricsLayout['places'] };
}

const residencies = (at: number) =>
  ({
    'residency.prochot': [at, 4],
    'residency.power_limit': [at + 4, 4],
    'residency.socket_thermal': [at + 8, 4],
    'residency.vr_thermal': [at + 12, 4],
    'residency.hbm_thermal': [at + 16, 4],
  }) as const;

const V1_0 = {
  edge: [16, 2],
  hotspot: [18, 2],
  memory: [20, 2],
  gfxBusy: [28, 2],
  memoryBusy: [30, 2],
  mediaBusy: [32, 2],
  averagePower: [34, 2],
  gfxclk: [54, 2],
  socclk: [56, 2],
  uclk: [58, 2],
  vclk: [60, 2],
  pcieWidth: [74, 1],
  pcieSpeed: [75, 1],
} as const;

const V1_1 = {
  edge: [4, 2],
  hotspot: [6, 2],
  memory: [8, 2],
  gfxBusy: [16, 2],
  memoryBusy: [18, 2],
  mediaBusy: [20, 2],
  averagePower: [22, 2],
  energy: [24, 8],
  gfxclk: [54, 2],
  socclk: [56, 2],
  uclk: [58, 2],
  vclk: [60, 2],
  pcieWidth: [74, 2],
  pcieSpeed: [76, 2],
  hbm: [88, 2, 4],
} as const;

/** The same at the same place from 1.4 to 1.8. */
const MI300 = {
  hotspot: [4, 2],
  memory: [6, 2],
  power: [10, 2],
  gfxBusy: [12, 2],
  memoryBusy: [14, 2],
} as const;

/** 1.7, and 1.8 but for its partitions. */
const V1_7 = {
  ...MI300,
  energy: [24, 8],
  samples: [40, 4],
  ...residencies(44),
  pcieWidth: [68, 2],
  pcieSpeed: [70, 2],
  xgmiWidth: [72, 2],
  xgmiSpeed: [74, 2],
  l0ToRecovery: [104, 8],
  replayRollover: [120, 8],
  naksSent: [128, 4],
  naksReceived: [132, 4],
  xgmiRead: [136, 8, 8],
  xgmiWritten: [200, 8, 8],
  xgmiUp: [264, 2, 8],
  gfxclk: [296, 2, 8],
  socclk: [312, 2, 4],
  vclk: [320, 2, 4],
  uclk: [336, 2],
} as const;

const V2_1 = {
  gfxclk: [76, 2],
  socclk: [78, 2],
  uclk: [80, 2],
  fclk: [82, 2],
  vclk: [84, 2],
} as const;
const V2_2 = { ...V2_1, throttled: [120, 8] } as const;

/** By `format.content` of the header. 1.9 describes itself: metrics-attributes.ts. */
export const METRICS_LAYOUTS: Readonly<Record<string, MetricsLayout>> = {
  '1.0': { sizes: [80], places: V1_0 },
  '1.1': { sizes: [96], places: V1_1 },
  '1.2': { sizes: [104], places: V1_1 },
  '1.3': {
    sizes: [120],
    places: {
      ...V1_1,
      voltageSoc: [104, 2],
      voltageGfx: [106, 2],
      voltageMemory: [108, 2],
      throttled: [112, 8],
    },
  },
  '1.4': {
    sizes: [288],
    places: {
      ...MI300,
      vcnBusy: [16, 2, 4],
      energy: [24, 8],
      pcieWidth: [48, 2],
      pcieSpeed: [50, 2],
      xgmiWidth: [52, 2],
      xgmiSpeed: [54, 2],
      l0ToRecovery: [80, 8],
      replayRollover: [96, 8],
      xgmiRead: [104, 8, 8],
      xgmiWritten: [168, 8, 8],
      gfxclk: [240, 2, 8],
      socclk: [256, 2, 4],
      vclk: [264, 2, 4],
      uclk: [280, 2],
    },
  },
  '1.5': {
    sizes: [360],
    places: {
      ...MI300,
      vcnBusy: [16, 2, 4],
      jpegBusy: [24, 2, 32],
      energy: [88, 8],
      pcieWidth: [112, 2],
      pcieSpeed: [114, 2],
      xgmiWidth: [116, 2],
      xgmiSpeed: [118, 2],
      l0ToRecovery: [144, 8],
      replayRollover: [160, 8],
      naksSent: [168, 4],
      naksReceived: [172, 4],
      xgmiRead: [176, 8, 8],
      xgmiWritten: [240, 8, 8],
      gfxclk: [312, 2, 8],
      socclk: [328, 2, 4],
      vclk: [336, 2, 4],
      uclk: [352, 2],
    },
  },
  '1.6': {
    sizes: [1664],
    places: {
      ...MI300,
      energy: [16, 8],
      samples: [32, 4],
      ...residencies(36),
      pcieWidth: [60, 2],
      pcieSpeed: [62, 2],
      xgmiWidth: [64, 2],
      xgmiSpeed: [66, 2],
      l0ToRecovery: [96, 8],
      replayRollover: [112, 8],
      naksSent: [120, 4],
      naksReceived: [124, 4],
      xgmiRead: [128, 8, 8],
      xgmiWritten: [192, 8, 8],
      gfxclk: [264, 2, 8],
      socclk: [280, 2, 4],
      vclk: [288, 2, 4],
      uclk: [304, 2],
    },
    partitions: { at: 312, places: { jpegBusy: [32, 2, 32], vcnBusy: [96, 2, 4] } },
  },
  '1.7': {
    sizes: [2208],
    places: V1_7,
    partitions: {
      at: 344,
      places: {
        jpegBusy: [32, 2, 32],
        vcnBusy: [96, 2, 4],
        'residency.gfx_below_limit': [168, 8, 8],
      },
    },
  },
  '1.8': {
    // The second since the partitions have a sum more, the last.
    sizes: [3360, 3872],
    places: V1_7,
    partitions: {
      at: 344,
      places: {
        jpegBusy: [32, 2, 40],
        vcnBusy: [112, 2, 4],
        'residency.gfx_below_limit_power': [184, 8, 8],
        'residency.gfx_below_limit_thermal': [248, 8, 8],
        'residency.gfx_low_utilization': [312, 8, 8],
        'residency.gfx_below_limit': [376, 8, 8],
      },
    },
  },
  '2.0': {
    sizes: [120],
    places: { gfxclk: [80, 2], socclk: [82, 2], uclk: [84, 2], fclk: [86, 2], vclk: [88, 2] },
  },
  '2.1': { sizes: [120], places: V2_1 },
  '2.2': { sizes: [128], places: V2_2 },
  '2.3': { sizes: [152], places: V2_2 },
  '2.4': {
    sizes: [168],
    places: { ...V2_2, voltageSoc: [154, 2], voltageGfx: [156, 2] },
  },
  // Means alone, no clocks of the moment.
  '3.0': {
    sizes: [264],
    places: {
      mediaBusy: [44, 2],
      socclk: [176, 2],
      fclk: [182, 2],
      vclk: [184, 2],
      uclk: [186, 2],
    },
  },
};

/** Partitions for which a table of 1.6 and later has room. */
export const PARTITIONS = 8;
