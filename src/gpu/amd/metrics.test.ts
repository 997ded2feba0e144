import { describe, expect, test } from 'bun:test';
import {
  type Discrete,
  type Instinct,
  metrics13,
  metrics14,
  metrics15,
  metrics16to18,
  metrics19,
  metrics19of,
  metrics22,
} from '../../../test/trees/amd-metrics.ts';
import { Metrics } from './metrics.ts';
import type { MetricName } from './metrics-layouts.ts';
import { GFX_REASONS } from './quantities.ts';

const INSTINCT: Instinct = {
  junction: 71,
  memory: 58,
  power: 612,
  busy: [97, 44],
  vcn: [10, 20, 33],
  energy: 2n ** 53n + 2n,
  samples: 9001,
  residencies: [1, 2, 3, 4, 5],
  link: [16, 320],
  xgmi: [17, 32],
  pcie: [101, 102, 103],
  naks: [104, 105],
  read: [201n, 202n],
  written: [301n, 302n],
  up: [0, 1],
  clocks: [2103, 1201, 1402, 1300],
};

const DISCRETE: Discrete = {
  edge: 52,
  junction: 67,
  memory: 74,
  hbm: [61, 62, 63],
  busy: [31, 8, 12],
  power: 141,
  energy: 77_777n,
  clocks: [1233, 1200, 1249, 2222],
  rpm: 1103,
  link: [8, 80],
  millivolts: [912, 843, 0xffff],
  throttled: (1n << 5n) | (1n << 46n),
};

function read(bytes: Uint8Array): Metrics {
  const metrics = new Metrics();
  metrics.bytes.set(bytes);
  expect(metrics.take(bytes.length)).toBeUndefined();
  return metrics;
}

const numbers = (metrics: Metrics, names: readonly MetricName[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, metrics.get(name)]));

describe('1.3, of MI200 and Radeon RX 7000', () => {
  const metrics = read(metrics13(DISCRETE));

  test('has each number at its place', () => {
    const { edge, junction: hotspot, memory, power: averagePower } = DISCRETE;
    const own = { edge, hotspot, memory, averagePower };
    expect(numbers(metrics, ['edge', 'hotspot', 'memory', 'averagePower'])).toEqual(own);
    expect(numbers(metrics, ['gfxBusy', 'memoryBusy', 'mediaBusy'])).toEqual({
      gfxBusy: 31,
      memoryBusy: 8,
      mediaBusy: 12,
    });
    expect(numbers(metrics, ['gfxclk', 'socclk', 'uclk', 'vclk', 'energy'])).toEqual({
      gfxclk: 1233,
      socclk: 1200,
      uclk: 1249,
      vclk: 2222,
      energy: 77_777,
    });
    expect(numbers(metrics, ['pcieWidth', 'pcieSpeed', 'voltageSoc', 'voltageGfx'])).toEqual({
      pcieWidth: 8,
      pcieSpeed: 80,
      voltageSoc: 912,
      voltageGfx: 843,
    });
    expect([0, 1, 2].map((i) => metrics.get('hbm', i))).toEqual([61, 62, 63]);
  });

  test('all ones, and what the revision does not have, are absent', () => {
    expect(metrics.get('hbm', 3)).toBeNaN();
    expect(metrics.get('hbm', 4)).toBeNaN();
    expect(metrics.get('voltageMemory')).toBeNaN();
    expect(metrics.get('samples')).toBeNaN();
    expect(metrics.mean('vcnBusy')).toBeNaN();
  });

  test('tells which throttlers are at work', () => {
    expect(metrics.throttled([4, 5])).toBe(1);
    expect(metrics.throttled([6, 45])).toBe(0);
    expect(metrics.throttled([46])).toBe(1);
    const silent = read(metrics13({ ...DISCRETE, throttled: 2n ** 64n - 1n }));
    expect(silent.throttled([5])).toBeNaN();
  });
});

describe.each([
  ['1.4', metrics14(INSTINCT)],
  ['1.5', metrics15(INSTINCT)],
  ['1.6', metrics16to18(6, INSTINCT)],
  ['1.7', metrics16to18(7, INSTINCT)],
  ['1.8', metrics16to18(8, INSTINCT)],
  ['1.9', metrics19(INSTINCT)],
  ['1.9, with narrower counters', metrics19(INSTINCT, 4)],
] as const)('%s, of MI300', (version, bytes) => {
  const metrics = read(bytes);
  const since = (first: string, values: object): object => (version >= first ? values : {});

  test('has each number at its place', () => {
    const names: MetricName[] = ['hotspot', 'memory', 'power', 'gfxBusy', 'memoryBusy', 'energy'];
    expect(numbers(metrics, names)).toEqual({
      hotspot: 71,
      memory: 58,
      power: 612,
      gfxBusy: 97,
      memoryBusy: 44,
      energy: 2 ** 53 + 2,
    });
    expect(
      numbers(metrics, ['pcieWidth', 'pcieSpeed', 'xgmiWidth', 'xgmiSpeed', 'l0ToRecovery']),
    ).toEqual({ pcieWidth: 16, pcieSpeed: 320, xgmiWidth: 17, xgmiSpeed: 32, l0ToRecovery: 101 });
    expect(numbers(metrics, ['replayRollover', 'gfxclk', 'socclk', 'vclk', 'uclk'])).toEqual({
      replayRollover: 103,
      gfxclk: 2103,
      socclk: 1201,
      vclk: 1402,
      uclk: 1300,
    });
    expect([0, 1, 2].map((i) => metrics.get('xgmiRead', i))).toEqual([201, 202, Number.NaN]);
    expect([0, 1, 2].map((i) => metrics.get('xgmiWritten', i))).toEqual([301, 302, Number.NaN]);
  });

  test('has what came with its revision, and no more', () => {
    const names = ['samples', 'residency.prochot', 'residency.hbm_thermal'] as const;
    const later = ['naksSent', 'naksReceived'] as const;
    const found = {
      ...numbers(metrics, [...names, ...later]),
      up: metrics.get('xgmiUp', 1),
      hbm: metrics.get('hbm', 7),
    };
    const known = Object.entries(found).filter(([, value]) => !Number.isNaN(value));
    expect(Object.fromEntries(known)).toEqual({
      ...since('1.5', { naksSent: 104, naksReceived: 105 }),
      ...since('1.6', {
        samples: 9001,
        'residency.prochot': 1,
        'residency.hbm_thermal': 5,
      }),
      ...since('1.7', { up: 1 }),
      ...since('1.9', { hbm: 58 }),
    });
  });

  test('tells the mean of those media engines that there are', () => {
    expect(metrics.mean('vcnBusy')).toBe(21);
    expect(metrics.mean('jpegBusy')).toBe(version === '1.4' ? Number.NaN : 30);
  });

  test('tells of the compute dies that there are why they are below their limit', () => {
    const mean = (reason: (typeof GFX_REASONS)[number]): number =>
      metrics.mean(`residency.${reason}`);
    const none = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
    const means = {
      '1.7': [Number.NaN, Number.NaN, Number.NaN, 1002.5],
      '1.8': [1002.5, 2002.5, 3002.5, 4002.5],
      '1.9': [1002.5, 2002.5, 3002.5, 4002.5],
    }[version.slice(0, 3)];
    expect(GFX_REASONS.map(mean)).toEqual(means ?? none);
  });
});

test('an attribute of 1.9 that is not known, or in another unit than it had, is left out', () => {
  const metrics = read(
    metrics19of([
      { id: 999, unit: 0, width: 1, values: [1, 2, 3] },
      { id: 3, unit: 0, width: 2, values: [612] },
      { id: 4, unit: 10, width: 1, values: [97] },
      { id: 5, unit: 10, width: 1, values: [255] },
    ]),
  );
  expect(numbers(metrics, ['power', 'gfxBusy', 'memoryBusy'])).toEqual({
    power: Number.NaN,
    gfxBusy: 97,
    memoryBusy: Number.NaN,
  });
});

test('1.8 of a kernel that had a sum less per partition is read too', () => {
  const now = metrics16to18(8, INSTINCT);
  const before = new Uint8Array(3360);
  // Partitions of 376 bytes in place of 440.
  before.set(now.subarray(0, 344));
  for (let i = 0; i < 8; i++) {
    before.set(now.subarray(344 + i * 440, 344 + i * 440 + 376), 344 + i * 376);
  }
  new DataView(before.buffer).setUint16(0, before.length, true);
  const metrics = read(before);
  expect(metrics.mean('vcnBusy')).toBe(21);
  expect(metrics.mean('residency.gfx_low_utilization')).toBe(3002.5);
  expect(metrics.mean('residency.gfx_below_limit')).toBeNaN();
});

test('2.2, of an APU, tells clocks and throttlers', () => {
  const metrics = read(
    metrics22({
      gfx: 58,
      busy: [64, 0],
      power: 22,
      clocks: [1934, 401, 2801, 2001, 402],
      throttled: 64n,
    }),
  );
  expect(numbers(metrics, ['gfxclk', 'socclk', 'uclk', 'fclk', 'vclk'])).toEqual({
    gfxclk: 1934,
    socclk: 401,
    uclk: 2801,
    fclk: 2001,
    vclk: 402,
  });
  expect(metrics.throttled([6])).toBe(1);
  // In hundredths on some chips.
  expect(metrics.get('gfxBusy')).toBeNaN();
});

describe('what is no table that is known', () => {
  const fault = (bytes: Uint8Array): string | undefined => {
    const metrics = new Metrics();
    metrics.bytes.set(bytes);
    const said = metrics.take(bytes.length);
    expect(metrics.get('gfxBusy')).toBeNaN();
    return said;
  };

  test('is refused with the reason', () => {
    expect(fault(new Uint8Array(0))).toBe('gpu_metrics has 0 bytes and no header');
    expect(fault(new Uint8Array([16, 0, 4, 0, 0, 0, 0, 0]))).toBe('gpu_metrics 4.0 is not known');
    expect(fault(metrics13(DISCRETE).subarray(0, 119))).toBe(
      'gpu_metrics 1.3 of 119 bytes says that it has 120, it should have 120',
    );
    const wrong = metrics13(DISCRETE);
    wrong[0] = 112;
    expect(fault(wrong)).toContain('it should have 120');
  });

  test('and describes itself wrongly is refused too', () => {
    const whole = metrics19(INSTINCT);
    expect(fault(whole.subarray(0, 100))).toBe(
      `gpu_metrics says that it has ${whole.length} bytes, and has 100`,
    );
    const more = whole.slice();
    more[4] = 200;
    expect(fault(more)).toBe('gpu_metrics 1.9 ends after 48 of 200 attributes');
    const long = metrics19of([{ id: 7, unit: 0, width: 8, values: [1n] }]);
    long[8] = 2;
    expect(fault(long)).toBe('gpu_metrics 1.9 ends after 0 of 1 attributes');
    const strange = metrics19of([{ id: 7, unit: 0, width: 8, values: [1n] }]);
    strange[10] = 0xf0;
    expect(fault(strange)).toBe('an attribute of gpu_metrics is of type 15');
    expect(fault(new Uint8Array([4, 0, 1, 9]))).toBeUndefined();
  });

  test('leaves nothing of the table before', () => {
    const metrics = read(metrics13(DISCRETE));
    metrics.bytes[2] = 7;
    expect(metrics.take(120)).toBe('gpu_metrics 7.3 is not known');
    expect(metrics.get('edge')).toBeNaN();
  });
});
