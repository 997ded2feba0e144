/** What the driver wants done for the GPU; whether a GB10 is short of power. */
import { GPU_HEALTH } from '../../catalog/gpu/health.ts';
import type { Group } from './group.ts';
import { flag, u32 } from './policy.ts';
import { isGb10, starved } from './starved.ts';
import { fields, Table } from './table.ts';

export const health: Group = {
  name: 'health',
  every: 10,
  attach: (gpu) =>
    new Table(gpu, [
      fields(gpu, [
        { id: 230, series: GPU_HEALTH.recoveryAction, policy: u32 },
        { id: 226, series: GPU_HEALTH.resetPending, policy: flag },
        { id: 227, series: GPU_HEALTH.drainResetPending, policy: flag },
      ]),
    ]),
};

export const powerStarved: Group = {
  name: 'health',
  every: 1,
  attach: (gpu) => (isGb10(gpu.facts.name) ? new Table(gpu, [starved(gpu)]) : undefined),
};
