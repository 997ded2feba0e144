/**
 * gpu_metrics 1.9, of MI300 and later with newer kernels, says itself what is in it: after the header the number of
 * attributes, and of each its id, type, unit and how many values of it follow, packed (AMDGPU_METRICS_ENC_ATTR
 * and enum amdgpu_metrics_attr_id in the kernel's kgd_pp_interface.h, DECLARE_SMU_METRICS_CLASS in smu_cmn.h).
 */
import type { MetricName, MetricsLayout, Place } from './metrics-layouts.ts';

export const DESCRIBES_ITSELF = '1.9';

/** enum amdgpu_metrics_attr_unit. */
const UNIT = {
  none: 0,
  megahertz: 1,
  celsius: 2,
  watts: 3,
  gigatransfers: 6,
  tenthsOfGigatransfers: 7,
  kilobytes: 9,
  percent: 10,
} as const;

/** Bytes of enum amdgpu_metrics_attr_type: U8, S8, U16 and so on. */
const WIDTHS = [1, 1, 2, 2, 4, 4, 8, 8] as const;
const isSigned = (type: number): boolean => type % 2 === 1;

/** By id; in another unit than this an attribute is another thing. */
const ATTRIBUTES: Readonly<Record<number, readonly [name: MetricName, unit: number]>> = {
  0: ['hotspot', UNIT.celsius],
  1: ['memory', UNIT.celsius],
  3: ['power', UNIT.watts],
  4: ['gfxBusy', UNIT.percent],
  5: ['memoryBusy', UNIT.percent],
  7: ['energy', UNIT.none],
  9: ['samples', UNIT.none],
  10: ['residency.prochot', UNIT.none],
  11: ['residency.power_limit', UNIT.none],
  12: ['residency.socket_thermal', UNIT.none],
  13: ['residency.vr_thermal', UNIT.none],
  14: ['residency.hbm_thermal', UNIT.none],
  16: ['pcieWidth', UNIT.none],
  17: ['pcieSpeed', UNIT.tenthsOfGigatransfers],
  18: ['xgmiWidth', UNIT.none],
  19: ['xgmiSpeed', UNIT.gigatransfers],
  24: ['l0ToRecovery', UNIT.none],
  26: ['replayRollover', UNIT.none],
  27: ['naksSent', UNIT.none],
  28: ['naksReceived', UNIT.none],
  29: ['xgmiRead', UNIT.kilobytes],
  30: ['xgmiWritten', UNIT.kilobytes],
  31: ['xgmiUp', UNIT.none],
  33: ['gfxclk', UNIT.megahertz],
  34: ['socclk', UNIT.megahertz],
  35: ['vclk', UNIT.megahertz],
  37: ['uclk', UNIT.megahertz],
  41: ['jpegBusy', UNIT.percent],
  42: ['vcnBusy', UNIT.percent],
  44: ['residency.gfx_below_limit_power', UNIT.none],
  45: ['residency.gfx_below_limit_thermal', UNIT.none],
  46: ['residency.gfx_low_utilization', UNIT.none],
  47: ['residency.gfx_below_limit', UNIT.none],
  48: ['hbm', UNIT.celsius],
};

const HEADER = 8;
const ENCODING = 8;

/** Where the numbers of a table are that has `size` bytes; text: why they cannot be found. */
export function describe(bytes: Buffer, size: number): MetricsLayout | string {
  const places: Partial<Record<MetricName, Place>> = {};
  const count = size < HEADER ? 0 : bytes.readInt32LE(4);
  let at = HEADER;
  for (let i = 0; i < count; i++) {
    if (at + ENCODING > size) return ends(i, count);
    const encoding = bytes.readUInt32LE(at);
    const type = (encoding >>> 20) & 0xf;
    const width = WIDTHS[type];
    if (width === undefined) return `an attribute of gpu_metrics is of type ${type}`;
    const values = encoding & 0x3ff;
    const [name, unit] = ATTRIBUTES[(encoding >>> 10) & 0x3ff] ?? [];
    const from = at + ENCODING;
    at = from + values * width;
    if (at > size) return ends(i, count);
    if (name === undefined || unit !== encoding >>> 24 || isSigned(type)) continue;
    places[name] = [from, width, values];
  }
  return { sizes: [size], places };
}

const ends = (whole: number, count: number): string =>
  `gpu_metrics ${DESCRIBES_ITSELF} ends after ${whole} of ${count} attributes`;
