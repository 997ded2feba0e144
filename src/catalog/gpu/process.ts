import { GPU, GPU_OR_MIG, type GpuRow, gpuSignals } from './gpu.ts';

/** `user` where `gpu.per_process.user` is on; MIG labels where the process runs in an instance. */
const PROCESS = [...GPU_OR_MIG, 'pid', 'process', 'container', 'user'];

const busy = (what: string, native: string): GpuRow => ({
  type: 'gauge',
  unit: 'ratio',
  help: `Share of time during which this process used ${what}.`,
  labels: PROCESS,
  native,
});

/**
 * Those beyond `gpu.per_process.top` are summed in the series
 * whose `pid`, `process` and `container` are empty.
 */
export const GPU_PROCESS = gpuSignals('per_process', {
  memory: {
    type: 'gauge',
    unit: 'bytes',
    help: 'GPU memory of this process. The series with an empty pid holds all processes that have none of their own.',
    labels: PROCESS,
    native: 'gpu_process_memory_bytes',
  },
  sm: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of time during which this process used the multiprocessors.',
    labels: PROCESS,
    native: 'gpu_process_sm_utilization_percent',
  },
  memoryUtilization: busy('the memory', 'gpu_process_memory_utilization_ratio'),
  encoder: busy('the video encoders', 'gpu_process_encoder_utilization_ratio'),
  decoder: busy('the video decoders', 'gpu_process_decoder_utilization_ratio'),
  jpeg: busy('the JPEG decoders', 'gpu_process_jpeg_utilization_ratio'),
  ofa: busy('the optical flow accelerators', 'gpu_process_ofa_utilization_ratio'),
  /** AMD (KFD). */
  computeUnits: {
    type: 'gauge',
    help: 'Compute units that this process occupies.',
    labels: PROCESS,
    native: 'gpu_process_compute_units',
  },
});

/**
 * Every process on a GPU, for those who join it with what it serves. No dialect names them: they cost a scrape
 * nothing, and are there where single processes are switched off.
 */
export const GPU_HOLDER = gpuSignals(
  'processes',
  {
    memory: {
      type: 'gauge',
      unit: 'bytes',
      help: 'GPU memory of a process.',
      labels: [...GPU_OR_MIG, 'pid'],
    },
    busy: {
      type: 'gauge',
      help: 'How much a process uses the multiprocessors or compute units, to compare it with others.',
      labels: [...GPU_OR_MIG, 'pid'],
    },
  },
  'holder',
);

export const GPU_PROCESSES = gpuSignals('processes', {
  /** `kind`: `compute`, `graphics`, `mps`. */
  count: {
    type: 'gauge',
    help: 'Processes on this GPU; one that computes and draws counts in both.',
    labels: [...GPU, 'kind'],
    native: 'gpu_processes',
  },
  memory: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory that the processes on this GPU have, summed. Beside gpu_memory_used_bytes, never in place of it.',
    native: 'gpu_processes_memory_bytes',
  },
});
