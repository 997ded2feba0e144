import { dcgm, gpuSignals, PERCENT } from './gpu.ts';

export const GPU_UTILIZATION = gpuSignals('utilization', {
  utilization: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the last sample period during which the GPU ran something.',
    native: 'gpu_utilization_percent',
    dcgm: dcgm('DCGM_FI_DEV_GPU_UTIL'),
  },
  memory: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the last sample period during which the memory of the GPU was read or written. How full it is: gpu_memory_used_bytes.',
    native: 'gpu_memory_utilization_ratio',
    dcgm: dcgm('DCGM_FI_DEV_MEM_COPY_UTIL', PERCENT),
  },
  peak: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Highest utilization of the GPU among the samples of the last 30 seconds that its driver still had at a poll, whoever scrapes when.',
    native: 'gpu_utilization_peak_ratio',
  },
});

export const GPU_VIDEO = gpuSignals('encoder_decoder', {
  encoder: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the last sample period during which the video encoders worked.',
    native: 'gpu_encoder_utilization_percent',
    dcgm: dcgm('DCGM_FI_DEV_ENC_UTIL'),
  },
  decoder: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the last sample period during which the video decoders worked.',
    native: 'gpu_decoder_utilization_percent',
    dcgm: dcgm('DCGM_FI_DEV_DEC_UTIL'),
  },
  jpeg: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the last sample period during which the JPEG decoders worked.',
    native: 'gpu_jpeg_utilization_ratio',
  },
  ofa: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the last sample period during which the optical flow accelerators worked.',
    native: 'gpu_ofa_utilization_ratio',
  },
  /** AMD counts encoding and decoding together. */
  media: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the last sample period during which the media engines worked, encoding or decoding.',
    native: 'gpu_media_utilization_ratio',
  },
});

export const GPU_ENCODER_SESSIONS = gpuSignals('encoder_sessions', {
  sessions: {
    type: 'gauge',
    help: 'Encoder sessions that are open.',
    native: 'gpu_encoder_sessions',
  },
  framesPerSecond: {
    type: 'gauge',
    help: 'Frames that the encoder sessions write per second, on average over sessions.',
    native: 'gpu_encoder_frames_per_second',
  },
  latency: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Time that encoding a frame takes, on average over sessions.',
    native: 'gpu_encoder_latency_seconds',
  },
});
