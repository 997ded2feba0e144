import { describe, expect, setSystemTime, test } from 'bun:test';
import fc from 'fast-check';
import { testWith } from '../../../test/parts.ts';
import { SlidingMaximum } from './peak.ts';
import { power } from './power.ts';
import { NEEDS, Polled } from './reading.fixture.ts';
import { utilization } from './utilization.ts';

describe('SlidingMaximum', () => {
  test('knows nothing before the first sample', () => {
    expect(new SlidingMaximum().read(100)).toBeNaN();
  });

  test('keeps a spike for thirty seconds of the driver’s time, and not longer', () => {
    const window = new SlidingMaximum();
    window.add(1000.2, 99, 0);
    for (let s = 1; s < 30; s++) window.add(1000.2 + s, 10, s);
    expect(window.read(29)).toBe(99);
    window.add(1030.2, 10, 30);
    expect(window.read(30)).toBe(10);
  });

  test('forgets when no sample comes any more', () => {
    const window = new SlidingMaximum();
    window.add(5000, 50, 7);
    expect(window.read(7 + 29)).toBe(50);
    expect(window.read(7 + 30)).toBeNaN();
  });

  test('a sample that is not known counts for nothing', () => {
    const window = new SlidingMaximum();
    window.add(5000, Number.NaN, 0);
    expect(window.read(0)).toBeNaN();
  });

  test('is the maximum of the samples of the last thirty whole seconds, whatever their order', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.nat(100)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(samples, (all) => {
        const window = new SlidingMaximum();
        for (const [time, value] of all) window.add(1e6 + time, value, 0);
        const newest = Math.max(...all.map(([time]) => time));
        const inside = all.filter(([time]) => time > newest - 30).map(([, value]) => value);
        expect(window.read(0)).toBe(Math.max(...inside));
      }),
    );
  });
});

testWith(NEEDS, 'the peak of utilization shows a spike that no poll saw', () => {
  using gpu = new Polled('rtx4090', utilization);
  expect(gpu.poll()).toMatchObject({ utilization_percent: 87, utilization_peak_ratio: 0.99 });
});

testWith(NEEDS, 'the peak of power is in watts, and without samples there is none', () => {
  using gpu = new Polled('rtx4090', power);
  expect(gpu.poll()).toMatchObject({ power_watts: 372.48, power_peak_watts: 436.125 });
  using other = new Polled('gb10', power);
  expect(other.poll()).not.toHaveProperty('power_peak_watts');
});

testWith(NEEDS, 'a spike stays in the peak when later samples are lower', () => {
  using gpu = new Polled('rtx4090', utilization);
  gpu.poll();
  gpu.fake.set('gpu 0', 'Samples.gpu_util', '12 every 167ms keep 20');
  expect(gpu.poll()).toMatchObject({ utilization_peak_ratio: 0.99 });
});

testWith(NEEDS, 'a machine whose clock is set back has peaks of the time since', () => {
  using gpu = new Polled('rtx4090', utilization);
  expect(gpu.poll()).toMatchObject({ utilization_peak_ratio: 0.99 });
  const earlier = Date.now() - 3_600_000;
  setSystemTime(earlier);
  gpu.fake.setAll('system', { epoch: earlier / 1000 });
  gpu.fake.set('gpu 0', 'Samples.gpu_util', '12 every 167ms keep 20');
  expect(gpu.poll()).toMatchObject({ utilization_peak_ratio: 0.12 });
  setSystemTime();
});
