import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { power, powerDetail } from './power.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

testWith(NEEDS, 'power, its limits and energy in base units', () => {
  using gpu = new Polled('h200x8', power, { gpu: 1 });
  expect(gpu.poll()).toEqual({
    power_watts: 613,
    power_usage_watts: 613,
    power_average_watts: 612,
    power_instant_watts: 613,
    power_peak_watts: 696.75,
    power_limit_watts: 699,
    power_limit_enforced_watts: 698,
    energy_joules_total: 7_001_000_000,
  });
});

testWith(NEEDS, 'energy grows with what is drawn', () => {
  using gpu = new Polled('h200x8', power, { elapsed: 10 });
  expect(gpu.poll()).toMatchObject({ energy_joules_total: 7_000_000_000 + 10 * 612 });
});

testWith(NEEDS, 'a GB10 has no limit', () => {
  using gpu = new Polled('gb10', power);
  expect(gpu.poll()).toEqual({
    power_watts: 46.12,
    power_usage_watts: 46.12,
    power_average_watts: 45.87,
    power_instant_watts: 46.12,
    energy_joules_total: 812345.678,
  });
});

testWith(NEEDS, 'a driver of 470 tells power, limits and energy', () => {
  using gpu = new Polled('driver470', power);
  expect(gpu.poll()).toEqual({
    power_watts: 61.25,
    power_usage_watts: 61.25,
    power_peak_watts: 66.25,
    power_limit_watts: 70,
    power_limit_enforced_watts: 70,
    energy_joules_total: 4321098.765,
  });
});

testWith(NEEDS, 'power_detail reads the range of limits and the power of the module', () => {
  using gpu = new Polled('h200x8', powerDetail, { gpu: 1 });
  expect(gpu.poll()).toEqual({
    power_limit_default_watts: 700,
    power_limit_min_watts: 200,
    power_limit_max_watts: 700,
    module_power_watts: 702,
  });
});
