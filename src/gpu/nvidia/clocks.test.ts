import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { clockLimits, clocks } from './clocks.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

testWith(NEEDS, 'clocks in hertz, that of the processors in megahertz too', () => {
  using gpu = new Polled('rtx4090', clocks);
  expect(gpu.poll()).toEqual({
    sm_clock_hz: 2715e6,
    frequency_mhz: 2715,
    memory_clock_hz: 10251e6,
    graphics_clock_hz: 2730e6,
    video_clock_hz: 2115e6,
    performance_state: 2,
  });
});

testWith(NEEDS, 'a GB10 has no clock of its memory', () => {
  using gpu = new Polled('gb10', clocks);
  expect(gpu.poll()).toEqual({
    sm_clock_hz: 2405e6,
    frequency_mhz: 2405,
    graphics_clock_hz: 2411e6,
    video_clock_hz: 2013e6,
    performance_state: 0,
  });
});

testWith(NEEDS, 'an unknown performance state is absent', () => {
  using gpu = new Polled('rtx4090', clocks, { set: { PerformanceState: 32 } });
  expect(gpu.poll()).not.toHaveProperty('performance_state');
});

testWith(NEEDS, 'clock_limit reads highest and application clocks', () => {
  using gpu = new Polled('h200x8', clockLimits);
  expect(gpu.poll()).toEqual({
    sm_clock_max_hz: 1981e6,
    memory_clock_max_hz: 3202e6,
    graphics_clock_max_hz: 1985e6,
    video_clock_max_hz: 1546e6,
    graphics_clock_application_hz: 1970e6,
    memory_clock_application_hz: 3199e6,
  });
});
