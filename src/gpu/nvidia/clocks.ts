/** Clocks, their limits, performance state. */
import { GPU_CLOCK, GPU_CLOCK_LIMIT } from '../../catalog/gpu/clocks.ts';
import type { Gpu, Group } from './group.ts';
import { hertz, megahertz, performanceState } from './policy.ts';
import { one, type Question, Table } from './table.ts';

/** nvmlClockType_t */
export const CLOCK = { graphics: 0, sm: 1, memory: 2, video: 3 } as const;

export const clocks: Group = {
  name: 'clock',
  every: 1,
  attach(gpu) {
    const { nvml, handle } = gpu;
    const now = (type: number) => () => nvml.u32('clockInfo', handle, type);
    const state = (): number => nvml.u32('performanceState', handle);
    return new Table(gpu, [
      processors(gpu),
      one(gpu, GPU_CLOCK.memory, now(CLOCK.memory), hertz),
      one(gpu, GPU_CLOCK.graphics, now(CLOCK.graphics), hertz),
      one(gpu, GPU_CLOCK.video, now(CLOCK.video), hertz),
      one(gpu, GPU_CLOCK.performanceState, state, performanceState),
    ]);
  },
};

/** One number under two names and units. */
function processors(gpu: Gpu): Question {
  return {
    series: [GPU_CLOCK.sm, GPU_CLOCK.frequency],
    ask(answer) {
      const said = gpu.nvml.u32('clockInfo', gpu.handle, CLOCK.sm);
      answer[0] = hertz(said);
      answer[1] = megahertz(said);
      return gpu.nvml.rc;
    },
  };
}

export const clockLimits: Group = {
  name: 'clock_limit',
  every: 10,
  attach(gpu) {
    const { nvml, handle } = gpu;
    const highest = (type: number) => () => nvml.u32('maxClockInfo', handle, type);
    const application = (type: number) => () => nvml.u32('applicationsClock', handle, type);
    const limit = GPU_CLOCK_LIMIT;
    return new Table(gpu, [
      one(gpu, limit.smMax, highest(CLOCK.sm), hertz),
      one(gpu, limit.memoryMax, highest(CLOCK.memory), hertz),
      one(gpu, limit.graphicsMax, highest(CLOCK.graphics), hertz),
      one(gpu, limit.videoMax, highest(CLOCK.video), hertz),
      one(gpu, limit.graphicsApplication, application(CLOCK.graphics), hertz),
      one(gpu, limit.memoryApplication, application(CLOCK.memory), hertz),
    ]);
  },
};
