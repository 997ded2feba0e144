/** How busy the GPU and its memory are, and the highest that it was in the last half minute. */
import type { Utilization } from '../../../ffi/nvml.ts';
import { GPU_UTILIZATION } from '../../catalog/gpu/utilization.ts';
import type { Gpu, Group } from './group.ts';
import { peak } from './peak.ts';
import { percent, ratio } from './policy.ts';
import { type Question, Table } from './table.ts';

/** nvmlSamplingType_t */
const GPU_UTILIZATION_SAMPLES = 1;

export const utilization: Group = {
  name: 'utilization',
  every: 1,
  attach: (gpu) =>
    new Table(gpu, [rates(gpu), peak(gpu, GPU_UTILIZATION_SAMPLES, GPU_UTILIZATION.peak, ratio)]),
};

function rates(gpu: Gpu): Question {
  const out: Utilization = { gpu: Number.NaN, memory: Number.NaN };
  const { utilization, memory } = GPU_UTILIZATION;
  return {
    // An integrated GPU says 0 for its memory whatever happens.
    series: gpu.integrated ? [utilization] : [utilization, memory],
    ask(answer) {
      const rc = gpu.nvml.readings.utilization(gpu.handle, out);
      if (rc !== 0) return rc;
      answer[0] = percent(out.gpu);
      if (!gpu.integrated) answer[1] = ratio(out.memory);
      return rc;
    },
  };
}
