import { dcgmShared, GPU_OR_MIG, type GpuRow, gpuSignals, MIB, shared } from './gpu.ts';

const bytes = (help: string, native: string, dcgm?: string): GpuRow => ({
  type: 'gauge',
  unit: 'bytes',
  help,
  labels: GPU_OR_MIG,
  native: shared(native),
  ...(dcgm === undefined ? {} : { dcgm: dcgmShared(dcgm, MIB) }),
});

/**
 * Memory of whole GPUs and of MIG GPU instances. It belongs to the GPU instance: where one holds
 * several compute instances, its series carries the labels of the first, so that it counts once.
 */
export const GPU_MEMORY = gpuSignals('memory', {
  total: bytes(
    'Memory of the GPU. Where GPU and CPU share theirs (gpu_memory_unified is 1): that of the machine.',
    'gpu_memory_total_bytes',
  ),
  used: bytes(
    'Memory in use. Where it is unified: what the whole machine uses and cannot give back.',
    'gpu_memory_used_bytes',
    'DCGM_FI_DEV_FB_USED',
  ),
  free: bytes(
    'Memory that can be had. Where it is unified: what the kernel can make available.',
    'gpu_memory_free_bytes',
    'DCGM_FI_DEV_FB_FREE',
  ),
  reserved: bytes(
    'Memory that driver and firmware keep for themselves.',
    'gpu_memory_reserved_bytes',
    'DCGM_FI_DEV_FB_RESERVED',
  ),
  unified: {
    type: 'gauge',
    help: 'Whether the GPU has no memory of its own and shares that of the machine. 0 for an APU whose firmware set some aside: what it uses besides is in gpu_gtt_memory_used_bytes.',
    native: 'gpu_memory_unified',
  },
});

export const GPU_MEMORY_DETAIL = gpuSignals('memory_detail', {
  bar1Total: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of the window (BAR1) through which the CPU and other devices reach the memory.',
    native: 'gpu_bar1_memory_total_bytes',
  },
  bar1Used: {
    type: 'gauge',
    unit: 'bytes',
    help: 'How much of the window (BAR1) to the memory is mapped.',
    native: 'gpu_bar1_memory_used_bytes',
  },
  protectedTotal: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory that confidential computing protects.',
    native: 'gpu_protected_memory_total_bytes',
  },
  protectedUsed: {
    type: 'gauge',
    unit: 'bytes',
    help: 'How much of the protected memory is in use.',
    native: 'gpu_protected_memory_used_bytes',
  },
  visibleTotal: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of the GPU that the CPU can address.',
    native: 'gpu_visible_memory_total_bytes',
  },
  visibleUsed: {
    type: 'gauge',
    unit: 'bytes',
    help: 'How much of the addressable memory is in use.',
    native: 'gpu_visible_memory_used_bytes',
  },
  gttTotal: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of the machine that the GPU may map (GTT).',
    native: 'gpu_gtt_memory_total_bytes',
  },
  gttUsed: {
    type: 'gauge',
    unit: 'bytes',
    help: 'How much memory of the machine the GPU has mapped (GTT).',
    native: 'gpu_gtt_memory_used_bytes',
  },
});
