import { dcgm, GPU, gpuSignals } from './gpu.ts';

/**
 * `sensor`: `memory` (NVIDIA, AMD), `edge`, `junction`, `hbm0` … (AMD). The die has a family of its own; AMD: the same
 * number as `edge`, or as `junction` where the chip has no such sensor, so that each sensor has its series on every chip.
 */
export const GPU_TEMPERATURE = gpuSignals('temperature', {
  die: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Temperature of the GPU chip. AMD: at its edge where there is a sensor, otherwise (MI300) at its hottest place.',
    native: 'gpu_temperature_celsius',
    dcgm: dcgm('DCGM_FI_DEV_GPU_TEMP'),
  },
  sensor: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Temperature at a place of the GPU: its memory; AMD also edge and hottest place (junction) of the chip.',
    labels: [...GPU, 'sensor'],
    native: 'gpu_sensor_temperature_celsius',
    dcgm: dcgm('DCGM_FI_DEV_MEMORY_TEMP', {
      help: 'Temperature of the memory.',
      select: { sensor: 'memory' },
    }),
  },
  margin: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Degrees between the temperature and the point at which the GPU slows down (T.limit).',
    native: 'gpu_temperature_margin_celsius',
  },
});

/** `sensor`: `gpu` or as above; `threshold`: `slowdown`, `shutdown`, `max`, `acoustic`, `critical`, `emergency`. */
export const GPU_TEMPERATURE_THRESHOLD = gpuSignals('temperature_threshold', {
  threshold: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Temperature at which something happens: the label says what.',
    labels: [...GPU, 'sensor', 'threshold'],
    native: 'gpu_temperature_threshold_celsius',
  },
  marginThreshold: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Value of gpu_temperature_margin_celsius at which something happens: the label says what.',
    labels: [...GPU, 'sensor', 'threshold'],
    native: 'gpu_temperature_margin_threshold_celsius',
  },
});

export const GPU_FAN = gpuSignals('fan', {
  percent: {
    type: 'gauge',
    unit: 'percent',
    help: 'Speed that the fan is told to have, as a share of its highest.',
    labels: [...GPU, 'fan'],
    native: 'gpu_fan_speed_percent',
  },
  rpm: {
    type: 'gauge',
    help: 'Turns of the fan per minute.',
    labels: [...GPU, 'fan'],
    native: 'gpu_fan_speed_rpm',
  },
});
