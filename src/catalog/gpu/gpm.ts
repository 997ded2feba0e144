import { dcgmShared, GPU_OR_MIG, type GpuRow, gpuSignals, shared } from './gpu.ts';

const active = (help: string, native: string, dcgm: string): GpuRow => ({
  type: 'gauge',
  unit: 'ratio',
  help,
  labels: GPU_OR_MIG,
  native: shared(native),
  dcgm: dcgmShared(dcgm),
});

/** Of whole GPUs and of MIG GPU instances, between two polls. GPM says percent: a hundredth of it goes on the board. */
export const GPU_GPM = gpuSignals('gpm', {
  graphics: active(
    'Share of time during which the graphics or compute engine was busy.',
    'gpu_graphics_active_ratio',
    'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
  ),
  sm: active(
    'Share of cycles in which a multiprocessor had work, on average over all.',
    'gpu_sm_active_ratio',
    'DCGM_FI_PROF_SM_ACTIVE',
  ),
  occupancy: active(
    'Warps that were resident, as a share of the most that could be.',
    'gpu_sm_occupancy_ratio',
    'DCGM_FI_PROF_SM_OCCUPANCY',
  ),
  tensor: active(
    'Share of cycles in which a tensor pipe was busy.',
    'gpu_tensor_active_ratio',
    'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
  ),
  dram: active(
    'Share of cycles in which the memory interface moved data.',
    'gpu_dram_active_ratio',
    'DCGM_FI_PROF_DRAM_ACTIVE',
  ),
});

export const GPU_GPM_DETAIL = gpuSignals('gpm_detail', {
  fp64: active(
    'Share of cycles in which a 64-bit floating-point pipe was busy.',
    'gpu_fp64_active_ratio',
    'DCGM_FI_PROF_PIPE_FP64_ACTIVE',
  ),
  fp32: active(
    'Share of cycles in which a 32-bit floating-point pipe was busy.',
    'gpu_fp32_active_ratio',
    'DCGM_FI_PROF_PIPE_FP32_ACTIVE',
  ),
  fp16: active(
    'Share of cycles in which a 16-bit floating-point pipe was busy.',
    'gpu_fp16_active_ratio',
    'DCGM_FI_PROF_PIPE_FP16_ACTIVE',
  ),
  integer: active(
    'Share of cycles in which an integer pipe was busy.',
    'gpu_integer_active_ratio',
    'DCGM_FI_PROF_PIPE_INT_ACTIVE',
  ),
  tensorDfma: active(
    'Share of cycles in which a tensor pipe did DFMA (64-bit).',
    'gpu_tensor_dfma_active_ratio',
    'DCGM_FI_PROF_PIPE_TENSOR_DFMA_ACTIVE',
  ),
  tensorHmma: active(
    'Share of cycles in which a tensor pipe did HMMA (16-bit).',
    'gpu_tensor_hmma_active_ratio',
    'DCGM_FI_PROF_PIPE_TENSOR_HMMA_ACTIVE',
  ),
  tensorImma: active(
    'Share of cycles in which a tensor pipe did IMMA (integer).',
    'gpu_tensor_imma_active_ratio',
    'DCGM_FI_PROF_PIPE_TENSOR_IMMA_ACTIVE',
  ),
  /** `engine`: `nvdec0` … `nvdec7`, `nvjpg0` … `nvjpg7`, `ofa0`, `ofa1`. */
  engine: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of time during which this video engine was busy.',
    labels: [...GPU_OR_MIG, 'engine'],
    native: shared('gpu_engine_active_ratio'),
  },
});
