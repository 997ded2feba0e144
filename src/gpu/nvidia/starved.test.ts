import { describe, expect, spyOn, test } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { powerStarved } from './health.ts';
import { NEEDS, Polled } from './reading.fixture.ts';
import { looksStarved, type Seen, Suspicion } from './starved.ts';

/** As it was reported: busy in P0, far below 2400 MHz and 60 W, no reason given. */
const STUCK: Seen = {
  percent: 96,
  megahertz: 721,
  watts: 18,
  reasons: 0,
  askedMegahertz: 2418,
};

describe('looksStarved()', () => {
  test.each([
    ['busy at a third of its clock', {}, true],
    ['where the driver gives no reasons at all', { reasons: Number.NaN }, true],
    ['slow, though it draws power', { watts: 60 }, true],
    ['faint, though its clock is high', { megahertz: 2400 }, true],
    ['faint, but not quite as busy', { megahertz: 2400, percent: 85 }, false],
    ['busy at its clock and power', { megahertz: 2400, watts: 60 }, false],
    ['idle', { percent: 3 }, false],
    ['resting now and then', { reasons: 0x1 }, true],
    ['held down by the power cap', { reasons: 0x4 }, false],
    ['too hot', { reasons: 0x20 }, false],
    ['locked to a low clock', { askedMegahertz: 900 }, false],
    ['without a number for its clock and power', { megahertz: NaN, watts: NaN }, false],
    ['without a number for how busy it is', { percent: NaN }, false],
  ] as const)('%s', (_, difference, expected) => {
    expect(looksStarved({ ...STUCK, ...difference })).toBe(expected);
  });
});

describe('Suspicion', () => {
  /** Answers at the end of looks, one a second unless `step` says otherwise. */
  const after = (looks: (second: number) => boolean, seconds: number, step = 1): boolean => {
    const suspicion = new Suspicion();
    let answer = false;
    for (let s = 0; s <= seconds; s += step) answer = suspicion.observe(s, looks(s));
    return answer;
  };

  test('rises after three minutes, not before', () => {
    expect(after(() => true, 179)).toBe(false);
    expect(after(() => true, 180)).toBe(true);
  });

  test('rises as well at one look in ten seconds', () => {
    expect(after(() => true, 180, 10)).toBe(true);
  });

  test('a pause between two batches does not make it start over, a long one does', () => {
    expect(after((s) => s % 30 > 10, 300)).toBe(true);
    expect(after((s) => s < 100 || s > 120, 200)).toBe(false);
  });

  test('falls when the GPU has been well for a while', () => {
    expect(after((s) => s < 200, 210)).toBe(true);
    expect(after((s) => s < 200, 216)).toBe(false);
  });

  test('two looks that lie far apart prove nothing of the time between', () => {
    expect(after(() => true, 600, 300)).toBe(false);
  });
});

testWith(NEEDS, 'a GB10 whose numbers are not known is not said to be well', () => {
  using gpu = new Polled('gb10', powerStarved, {
    set: { 'ClockInfo.sm': '0xFFFFFFFF', PowerUsage: '0xFFFFFFFF' },
  });
  expect(gpu.poll()).toEqual({});
  gpu.fake.set('gpu 0', 'PowerUsage', 50_000);
  expect(gpu.poll()).toEqual({ power_starved: 0 });
  gpu.fake.set('gpu 0', 'UtilizationRates.gpu', '0xFFFFFFFF');
  expect(gpu.poll()).toEqual({});
});

testWith(NEEDS, 'a healthy GB10 has the series with 0, another GPU does not have it', () => {
  using gb10 = new Polled('gb10', powerStarved);
  expect(gb10.poll()).toEqual({ power_starved: 0 });
  using other = new Polled('rtx4090', powerStarved);
  expect(other.poll()).toEqual({});
});

describe('a GB10 that is stuck for three minutes', () => {
  const stuck = { 'ClockInfo.sm': 721, PowerUsage: 18_000 };
  const afterThreeMinutes = (
    set: Readonly<Record<string, string | number>>,
  ): number | undefined => {
    using gpu = new Polled('gb10', powerStarved, { set: { ...stuck, ...set } });
    const clock = spyOn(performance, 'now');
    let lines: Record<string, number> = {};
    for (let second = 0; second <= 180; second += 10) {
      clock.mockReturnValue(second * 1000);
      lines = gpu.poll();
    }
    clock.mockRestore();
    return lines['power_starved'];
  };

  testWith(NEEDS, 'is starved of power', () => {
    expect(afterThreeMinutes({})).toBe(1);
  });

  testWith(NEEDS, 'is not where its clock was asked for', () => {
    expect(afterThreeMinutes({ 'ApplicationsClock.graphics': 900 })).toBe(0);
  });

  testWith(NEEDS, 'is not where the driver gives a reason, unless that is that it rests', () => {
    expect(afterThreeMinutes({ CurrentClocksEventReasons: 0x4 })).toBe(0);
    expect(afterThreeMinutes({ CurrentClocksEventReasons: 0x1 })).toBe(1);
  });
});
