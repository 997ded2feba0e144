import { dcgm, GPU, gpuSignals, MJ } from './gpu.ts';

export const GPU_POWER = gpuSignals('power', {
  /** The same number as `usage`, written into both: users come with queries from two tools. */
  power: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power that the GPU draws, as its driver reports it: on most GPUs the mean of the last second.',
    native: 'gpu_power_watts',
    dcgm: dcgm('DCGM_FI_DEV_POWER_USAGE'),
  },
  usage: {
    type: 'gauge',
    unit: 'watts',
    help: 'The same number as gpu_power_watts.',
    native: 'gpu_power_usage_watts',
  },
  average: {
    type: 'gauge',
    unit: 'watts',
    help: 'Mean power over the last period of the driver, a second.',
    native: 'gpu_power_average_watts',
  },
  instant: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power at this moment.',
    native: 'gpu_power_instant_watts',
  },
  peak: {
    type: 'gauge',
    unit: 'watts',
    help: 'Highest power among the samples of the last 30 seconds that the driver still had at a poll, whoever scrapes when.',
    native: 'gpu_power_peak_watts',
  },
  limit: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power limit that was set.',
    native: 'gpu_power_limit_watts',
  },
  enforced: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power limit that holds, the lowest of all that apply.',
    native: 'gpu_power_limit_enforced_watts',
  },
  energy: {
    type: 'counter',
    unit: 'joules',
    help: 'Energy used since the driver was loaded.',
    native: 'gpu_energy_joules_total',
    dcgm: dcgm('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', MJ),
  },
});

export const GPU_POWER_DETAIL = gpuSignals('power_detail', {
  limitDefault: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power limit after a boot.',
    native: 'gpu_power_limit_default_watts',
  },
  limitMin: {
    type: 'gauge',
    unit: 'watts',
    help: 'Lowest power limit that can be set.',
    native: 'gpu_power_limit_min_watts',
  },
  limitMax: {
    type: 'gauge',
    unit: 'watts',
    help: 'Highest power limit that can be set.',
    native: 'gpu_power_limit_max_watts',
  },
  module: {
    type: 'gauge',
    unit: 'watts',
    help: 'Power of the whole module, CPU and memory included.',
    native: 'gpu_module_power_watts',
  },
  /** `rail`: `gfx`, `soc`, `memory`. */
  voltage: {
    type: 'gauge',
    unit: 'volts',
    help: 'Voltage of a supply of the GPU.',
    labels: [...GPU, 'rail'],
    native: 'gpu_voltage_volts',
  },
});
