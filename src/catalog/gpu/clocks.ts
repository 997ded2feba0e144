import { dcgm, type GpuRow, gpuSignals, MHZ } from './gpu.ts';

const hertz = (help: string, native: string, dcgmName?: string): GpuRow => ({
  type: 'gauge',
  unit: 'hertz',
  help,
  native,
  ...(dcgmName === undefined ? {} : { dcgm: dcgm(dcgmName, MHZ) }),
});

/** Written in hertz, all but `frequency`. AMD: sclk is `graphics` and `sm`, mclk `memory`, fclk `fabric`, socclk `soc`. */
export const GPU_CLOCK = gpuSignals('clock', {
  /** The same clock as `sm`, in megahertz: users come with queries from two tools. */
  frequency: {
    type: 'gauge',
    unit: 'mhz',
    help: 'The same clock as gpu_sm_clock_hz, in megahertz.',
    native: 'gpu_frequency_mhz',
  },
  sm: hertz('Clock of the processors.', 'gpu_sm_clock_hz', 'DCGM_FI_DEV_SM_CLOCK'),
  memory: hertz('Clock of the memory.', 'gpu_memory_clock_hz', 'DCGM_FI_DEV_MEM_CLOCK'),
  graphics: hertz('Clock of the graphics engine.', 'gpu_graphics_clock_hz'),
  video: hertz('Clock of the video engines.', 'gpu_video_clock_hz'),
  fabric: hertz('Clock of the data fabric.', 'gpu_fabric_clock_hz'),
  soc: hertz('Clock of the rest of the chip.', 'gpu_soc_clock_hz'),
  performanceState: {
    type: 'gauge',
    help: 'Performance state, 0 (fastest) to 15 (slowest).',
    native: 'gpu_performance_state',
  },
});

export const GPU_CLOCK_LIMIT = gpuSignals('clock_limit', {
  smMax: hertz('Highest clock of the processors.', 'gpu_sm_clock_max_hz'),
  memoryMax: hertz('Highest clock of the memory.', 'gpu_memory_clock_max_hz'),
  memoryMin: hertz('Lowest clock of the memory.', 'gpu_memory_clock_min_hz'),
  graphicsMax: hertz('Highest clock of the graphics engine.', 'gpu_graphics_clock_max_hz'),
  graphicsMin: hertz('Lowest clock of the graphics engine.', 'gpu_graphics_clock_min_hz'),
  videoMax: hertz('Highest clock of the video engines.', 'gpu_video_clock_max_hz'),
  fabricMax: hertz('Highest clock of the data fabric.', 'gpu_fabric_clock_max_hz'),
  fabricMin: hertz('Lowest clock of the data fabric.', 'gpu_fabric_clock_min_hz'),
  socMax: hertz('Highest clock of the rest of the chip.', 'gpu_soc_clock_max_hz'),
  socMin: hertz('Lowest clock of the rest of the chip.', 'gpu_soc_clock_min_hz'),
  graphicsApplication: hertz(
    'Clock of the graphics engine that applications ask for.',
    'gpu_graphics_clock_application_hz',
  ),
  memoryApplication: hertz(
    'Clock of the memory that applications ask for.',
    'gpu_memory_clock_application_hz',
  ),
});
