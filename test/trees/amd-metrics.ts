/**
 * gpu_metrics as amdgpu writes it: one after the other as in the kernel's kgd_pp_interface.h, each at a multiple of
 * its size. What a chip does not have is all ones.
 */

type Width = 2 | 4 | 8;
type Field = readonly [width: Width, values: readonly (number | bigint)[]];

const u16 = (...values: number[]): Field => [2, values];
const u32 = (...values: number[]): Field => [4, values];
const u64 = (...values: (number | bigint)[]): Field => [8, values];
const none16 = (count: number): Field => [2, Array(count).fill(0xffff)];
const ALL_ONES = 2n ** 64n - 1n;
const none64 = (count: number): Field => [8, Array(count).fill(2n ** 64n - 1n)];

/** A whole table with its header; padded to a multiple of eight as the compiler does. */
function table(format: number, content: number, fields: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8192));
  let at = 4;
  for (const [width, values] of fields) {
    at = Math.ceil(at / width) * width;
    for (const value of values) {
      if (width === 2) view.setUint16(at, Number(value), true);
      else if (width === 4) view.setUint32(at, Number(value), true);
      else view.setBigUint64(at, BigInt(value), true);
      at += width;
    }
  }
  const size = Math.ceil(at / 8) * 8;
  view.setUint16(0, size, true);
  view.setUint8(2, format);
  view.setUint8(3, content);
  return new Uint8Array(view.buffer, 0, size);
}

/** What a discrete GPU up to MI200 and Radeon RX 7000 says. °C, per cent, watts, MHz, units of 2^-16 J. */
export interface Discrete {
  readonly edge: number;
  readonly junction: number;
  readonly memory: number;
  readonly hbm: readonly number[];
  readonly busy: readonly [gfx: number, memory: number, media: number];
  readonly power: number;
  readonly energy: bigint;
  readonly clocks: readonly [gfx: number, soc: number, memory: number, vclk: number];
  readonly rpm: number;
  /** Lanes, and tenths of a GT/s. */
  readonly link: readonly [width: number, speed: number];
  readonly millivolts: readonly [soc: number, gfx: number, memory: number];
  /** The driver's own bits, SMU_THROTTLER_*_BIT. */
  readonly throttled: bigint;
}

/** Version 1.3, 120 bytes. */
export function metrics13(it: Discrete): Uint8Array {
  const [gfx, soc, memory, vclk] = it.clocks;
  const hbm = [...it.hbm, ...Array(4 - it.hbm.length).fill(0xffff)];
  return table(1, 3, [
    u16(it.edge, it.junction, it.memory, 61, 57, 59),
    u16(...it.busy, it.power),
    u64(it.energy, 8_211_774_301_442n),
    // Averages of clocks are not read: these must not be taken for them.
    u16(11, 12, 13, 14, 15, 16, 17),
    u16(gfx, soc, memory, vclk, vclk - 1, vclk, vclk - 1),
    u32(0xffff_ffff),
    u16(it.rpm, ...it.link, 0),
    u32(981_233, 77_112),
    u16(...hbm),
    u64(821_177_430_144n),
    u16(...it.millivolts, 0),
    u64(it.throttled),
  ]);
}

/** What an MI300 says, whichever revision. */
export interface Instinct {
  readonly junction: number;
  readonly memory: number;
  readonly power: number;
  readonly busy: readonly [gfx: number, memory: number];
  /** Per media engine. */
  readonly vcn: readonly number[];
  readonly energy: bigint;
  readonly samples: number;
  /** prochot, ppt, socket, VR and HBM temperature. */
  readonly residencies: readonly [number, number, number, number, number];
  readonly link: readonly [width: number, speed: number];
  /** Lanes and Gb/s. */
  readonly xgmi: readonly [width: number, speed: number];
  readonly pcie: readonly [recoveries: number, replays: number, rollovers: number];
  readonly naks: readonly [sent: number, received: number];
  /** Kilobytes per link. */
  readonly read: readonly bigint[];
  readonly written: readonly bigint[];
  readonly up: readonly number[];
  readonly clocks: readonly [gfx: number, soc: number, vclk: number, memory: number];
}

const LINKS = 8;
const fill = (values: readonly bigint[]): Field =>
  u64(...values, ...Array(LINKS - values.length).fill(2n ** 64n - 1n));

function instinctTail(it: Instinct): Field[] {
  const [gfx, soc, vclk, memory] = it.clocks;
  return [
    u64(12_338_401_144n),
    u16(...Array(8).fill(gfx)),
    u16(...Array(4).fill(soc)),
    u16(...Array(4).fill(vclk)),
    u16(...Array(4).fill(vclk - 3)),
    u16(memory),
  ];
}

const head = (it: Instinct): Field => u16(it.junction, it.memory, 49, it.power, ...it.busy);
const links = (it: Instinct): Field => u16(...it.link, ...it.xgmi);
/** Sums of activity, then bandwidth, then counters of the PCIe link. */
const traffic = (it: Instinct): Field[] => [u32(7_001, 8_002), u64(91n, 2n), u64(...it.pcie)];
const vcns = (it: Instinct): number[] => [...it.vcn, ...Array(4 - it.vcn.length).fill(0xffff)];

/** Version 1.4, 288 bytes. */
export const metrics14 = (it: Instinct): Uint8Array =>
  table(1, 4, [
    head(it),
    u16(...vcns(it)),
    u64(it.energy, 8_211_774_301_442n),
    u32(0, 0xff),
    links(it),
    ...traffic(it),
    fill(it.read),
    fill(it.written),
    ...instinctTail(it),
    u16(0xffff),
  ]);

/** Version 1.5, 360 bytes. */
export const metrics15 = (it: Instinct): Uint8Array =>
  table(1, 5, [
    head(it),
    u16(...vcns(it), 20, 40),
    none16(30),
    u64(it.energy, 8_211_774_301_442n),
    u32(0, 0xff),
    links(it),
    ...traffic(it),
    u32(...it.naks),
    fill(it.read),
    fill(it.written),
    ...instinctTail(it),
    u16(0xffff),
  ]);

/** One partition of versions 1.6 (168 bytes), 1.7 (232) and 1.8 (440): its media engines, the rest unused. */
function partition(version: 6 | 7 | 8, vcn: readonly number[]): Field[] {
  const jpegs = version === 8 ? 40 : 32;
  const sums = { 6: 1, 7: 2, 8: 5 }[version];
  return [
    u32(...Array(8).fill(88)),
    u16(...Array(jpegs).fill(30)),
    u16(...vcn),
    u64(...Array(8).fill(1_234_567n)),
    // What it is below its limit for, die by die; six of eight are there.
    ...Array.from({ length: sums - 1 }, (_, i) =>
      u64(
        ...Array.from({ length: 6 }, (_, die) => 1_000 * (i + 1) + die),
        ...Array(2).fill(ALL_ONES),
      ),
    ),
  ];
}

const unused = (version: 6 | 7 | 8): Field[] => {
  const jpegs = version === 8 ? 40 : 32;
  const sums = { 6: 1, 7: 2, 8: 5 }[version];
  return [none16(16), none16(jpegs + 4), none64(8 * sums)];
};

/** Versions 1.6 (1664 bytes), 1.7 (2208) and 1.8 (3872), one partition. */
export function metrics16to18(version: 6 | 7 | 8, it: Instinct): Uint8Array {
  return table(1, version, [
    head(it),
    ...(version === 6 ? [] : [u64(5_300n)]),
    u64(it.energy, 8_211_774_301_442n),
    u32(it.samples, ...it.residencies),
    u32(0xff),
    links(it),
    ...traffic(it),
    u32(...it.naks),
    fill(it.read),
    fill(it.written),
    ...(version === 6 ? [] : [u16(...it.up, ...Array(LINKS - it.up.length).fill(0xffff), 0xffff)]),
    ...instinctTail(it),
    u16(1),
    // A partition begins as its widest number does.
    u64(),
    ...partition(version, vcns(it)),
    ...Array.from({ length: 7 }, () => unused(version)).flat(),
    u32(6),
  ]);
}

/** Unit, type and id of an attribute of 1.9, and its values; the kernel's enums, by number. */
export interface MetricsAttribute {
  readonly id: number;
  readonly unit: number;
  /** Bytes of a value, all unsigned. */
  readonly width: 1 | 2 | 4 | 8;
  readonly values: readonly (number | bigint)[];
}

/** Version 1.9: a list of attributes, packed. */
export function metrics19of(attributes: readonly MetricsAttribute[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8192));
  let at = 8;
  for (const { id, unit, width, values } of attributes) {
    const type = 2 * Math.log2(width);
    const encoding =
      (BigInt(unit) << 24n) | (BigInt(type) << 20n) | (BigInt(id) << 10n) | BigInt(values.length);
    view.setBigUint64(at, encoding, true);
    at += 8;
    for (const value of values) {
      for (let i = 0; i < width; i++) {
        view.setUint8(at++, Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
      }
    }
  }
  view.setUint16(0, at, true);
  view.setUint8(2, 1);
  view.setUint8(3, 9);
  view.setInt32(4, attributes.length, true);
  return new Uint8Array(view.buffer, 0, at);
}

/** Version 1.9 of an MI300. `count`: bytes of its counters, which became wider. */
export function metrics19(it: Instinct, count: 4 | 8 = 8): Uint8Array {
  const attribute =
    (unit: number, width: MetricsAttribute['width']) =>
    (id: number, ...values: (number | bigint)[]): MetricsAttribute => ({ id, unit, width, values });
  const number = attribute(0, 2);
  const counter = attribute(0, count);
  const large = attribute(0, 8);
  const clock = attribute(1, 2);
  const celsius = attribute(2, 2);
  const percent = attribute(10, 2);
  const kilobytes = attribute(9, 8);
  const [gfx, soc, vclk, memory] = it.clocks;
  const [prochot, ppt, socket, vr, hbm] = it.residencies;
  const [recoveries, replays, rollovers] = it.pcie;
  const links = (values: readonly bigint[]) => [
    ...values,
    ...Array(LINKS - values.length).fill(2n ** 64n - 1n),
  ];
  return metrics19of([
    celsius(0, it.junction),
    celsius(1, it.memory),
    celsius(2, 49),
    attribute(3, 2)(3, it.power),
    percent(4, it.busy[0]),
    percent(5, it.busy[1]),
    attribute(8, 8)(6, 5_300n),
    large(7, it.energy),
    attribute(4, 8)(8, 8_211_774_301_442n),
    counter(9, it.samples),
    counter(10, prochot),
    counter(11, ppt),
    counter(12, socket),
    counter(13, vr),
    counter(14, hbm),
    attribute(0, 4)(15, 0xff),
    number(16, it.link[0]),
    attribute(7, 2)(17, it.link[1]),
    number(18, it.xgmi[0]),
    attribute(6, 2)(19, it.xgmi[1]),
    counter(20, 7_001),
    counter(21, 8_002),
    large(22, 91n),
    attribute(8, 8)(23, 2n),
    large(24, recoveries),
    large(25, replays),
    large(26, rollovers),
    counter(27, it.naks[0]),
    counter(28, it.naks[1]),
    kilobytes(29, ...links(it.read)),
    kilobytes(30, ...links(it.written)),
    number(31, ...it.up, ...Array(LINKS - it.up.length).fill(0xffff)),
    attribute(5, 8)(32, 12_338_401_144n),
    clock(33, ...Array(8).fill(gfx)),
    clock(34, ...Array(4).fill(soc)),
    clock(35, ...Array(4).fill(vclk)),
    clock(36, ...Array(4).fill(vclk - 3)),
    clock(37, memory),
    counter(39, 6),
    attribute(10, 4)(40, ...Array(8).fill(88)),
    percent(41, ...Array(32).fill(30), ...Array(8).fill(0xffff)),
    percent(42, ...vcns(it)),
    large(43, ...Array(8).fill(1_234_567n)),
    large(44, ...[0, 1, 2, 3, 4, 5].map((die) => 1000 + die), ALL_ONES, ALL_ONES),
    large(45, ...[0, 1, 2, 3, 4, 5].map((die) => 2000 + die), ALL_ONES, ALL_ONES),
    large(46, ...[0, 1, 2, 3, 4, 5].map((die) => 3000 + die), ALL_ONES, ALL_ONES),
    large(47, ...[0, 1, 2, 3, 4, 5].map((die) => 4000 + die), ALL_ONES, ALL_ONES),
    celsius(48, 51, 52, 53, 54, 55, 56, 57, 58),
  ]);
}

/** What an APU says. °C, per cent, watts, MHz. */
export interface Integrated {
  readonly gfx: number;
  readonly busy: readonly [gfx: number, media: number];
  readonly power: number;
  readonly clocks: readonly [
    gfx: number,
    soc: number,
    memory: number,
    fabric: number,
    vclk: number,
  ];
  readonly throttled: bigint;
}

/** Version 2.2, 128 bytes: hundredths of a degree. */
export function metrics22(it: Integrated): Uint8Array {
  return table(2, 2, [
    u16(it.gfx * 100, 4_700, ...Array(8).fill(5_100), 4_400, 4_500),
    u16(...it.busy),
    u64(8_211_774_301_442n),
    u16(it.power, 11, 4, 7, ...Array(8).fill(1)),
    u16(21, 22, 23, 24, 25, 26),
    u16(...it.clocks, 333, ...Array(8).fill(2_100), 2_000, 2_000),
    u32(0xffff_ffff),
    u16(0xffff, 0, 0, 0),
    u64(it.throttled),
  ]);
}
