/** Temperatures, how far they are from the slowdown, and where slowdown and shutdown are. */
import { GPU_TEMPERATURE, GPU_TEMPERATURE_THRESHOLD } from '../../catalog/gpu/temperature.ts';
import type { Group } from './group.ts';
import { celsius, dieCelsius, nonZero } from './policy.ts';
import { type Column, fields, one, Table } from './table.ts';

/** Field ids. */
const MEMORY_TEMPERATURE = 82;
/** T.limit values, °C below the slowdown. */
const MARGIN_THRESHOLDS = [
  [193, 'gpu', 'shutdown'],
  [194, 'gpu', 'slowdown'],
  [195, 'memory', 'max'],
  [196, 'gpu', 'max'],
] as const;
/** nvmlTemperatureThresholds_t. */
const THRESHOLDS = [
  [0, 'gpu', 'shutdown'],
  [1, 'gpu', 'slowdown'],
  [2, 'memory', 'max'],
  [3, 'gpu', 'max'],
  [5, 'gpu', 'acoustic'],
] as const;

export const temperature: Group = {
  name: 'temperature',
  every: 1,
  attach(gpu) {
    const { nvml, handle } = gpu;
    const { die, sensor, margin } = GPU_TEMPERATURE;
    return new Table(gpu, [
      one(gpu, die, () => nvml.readings.temperature(handle), dieCelsius),
      fields(gpu, [
        {
          id: MEMORY_TEMPERATURE,
          series: [sensor, { sensor: 'memory' }],
          // An integrated GPU has no such sensor and may say 0 for it.
          policy: gpu.integrated ? (x) => nonZero(celsius(x)) : celsius,
        },
      ]),
      one(gpu, margin, () => nvml.u32('marginTemperature', handle), celsius),
    ]);
  },
};

export const temperatureThreshold: Group = {
  name: 'temperature_threshold',
  every: 60,
  attach(gpu) {
    const { nvml, handle } = gpu;
    const { threshold, marginThreshold } = GPU_TEMPERATURE_THRESHOLD;
    return new Table(gpu, [
      ...THRESHOLDS.map(([type, sensor, name]) => {
        const column: Column = [threshold, { sensor, threshold: name }];
        return one(gpu, column, () => nvml.u32('temperatureThreshold', handle, type), celsius);
      }),
      fields(
        gpu,
        MARGIN_THRESHOLDS.map(([id, sensor, name]) => ({
          id,
          series: [marginThreshold, { sensor, threshold: name }],
          policy: celsius,
        })),
      ),
    ]);
  },
};
