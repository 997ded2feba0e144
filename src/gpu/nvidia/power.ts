/** Power, its limits, energy. */
import type { U32Call } from '../../../ffi/nvml.ts';
import { GPU_POWER, GPU_POWER_DETAIL } from '../../catalog/gpu/power.ts';
import type { Gpu, Group } from './group.ts';
import { peak } from './peak.ts';
import { joules, watts } from './policy.ts';
import { fields, one, type Question, Table } from './table.ts';

/** nvmlSamplingType_t */
const POWER_SAMPLES = 0;
/** Field ids, milliwatts. */
const AVERAGE = 185;
const INSTANT = 186;
/** nvmlPowerScopeType_t: the board with its CPU, where there is one. */
const MODULE = 1;

export const power: Group = {
  name: 'power',
  every: 1,
  attach(gpu) {
    const { average, instant, limit, enforced, energy } = GPU_POWER;
    return new Table(gpu, [
      usage(gpu),
      fields(gpu, [
        { id: AVERAGE, series: average, policy: watts },
        { id: INSTANT, series: instant, policy: watts },
      ]),
      peak(gpu, POWER_SAMPLES, GPU_POWER.peak, watts),
      one(gpu, limit, asked(gpu, 'powerManagementLimit'), watts),
      one(gpu, enforced, asked(gpu, 'enforcedPowerLimit'), watts),
      one(gpu, energy, () => gpu.nvml.u64('totalEnergyConsumption', gpu.handle), joules),
    ]);
  },
};

export const powerDetail: Group = {
  name: 'power_detail',
  every: 10,
  attach: (gpu) =>
    new Table(gpu, [
      one(gpu, GPU_POWER_DETAIL.limitDefault, asked(gpu, 'powerManagementDefaultLimit'), watts),
      range(gpu),
      fields(gpu, [{ id: [AVERAGE, MODULE], series: GPU_POWER_DETAIL.module, policy: watts }]),
    ]),
};

const asked = (gpu: Gpu, call: U32Call) => () => gpu.nvml.u32(call, gpu.handle);

/** One number under two names. */
function usage(gpu: Gpu): Question {
  return {
    series: [GPU_POWER.power, GPU_POWER.usage],
    ask(answer) {
      answer.fill(watts(gpu.nvml.u32('powerUsage', gpu.handle)));
      return gpu.nvml.rc;
    },
  };
}

function range(gpu: Gpu): Question {
  return {
    series: [GPU_POWER_DETAIL.limitMin, GPU_POWER_DETAIL.limitMax],
    ask(answer) {
      answer[0] = watts(gpu.nvml.u32('powerManagementLimitConstraints', gpu.handle));
      answer[1] = watts(gpu.nvml.more(1));
      return gpu.nvml.rc;
    },
  };
}
