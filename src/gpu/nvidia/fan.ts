/** Fans of the board. */
import { RETURN } from '../../../ffi/nvml.ts';
import { GPU_FAN } from '../../catalog/gpu/temperature.ts';
import type { Group } from './group.ts';
import { fanPercent, u32 } from './policy.ts';
import { one, Table } from './table.ts';

/** No board has so many: a driver that says so is not believed. */
const MOST_FANS = 32;

export const fan: Group = {
  name: 'fan',
  every: 1,
  attach(gpu) {
    const { nvml, handle } = gpu;
    const said = nvml.u32('numFans', handle);
    // A driver before 470 knows one fan and no number of them.
    const fans = nvml.rc === RETURN.functionNotFound ? 1 : said;
    if (!(fans > 0 && fans <= MOST_FANS)) return undefined;
    const each = Array.from({ length: fans }, (_, i) => i);
    return new Table(
      gpu,
      each.flatMap((i) => {
        const label = { fan: String(i) };
        return [
          one(gpu, [GPU_FAN.percent, label], () => nvml.readings.fanSpeed(handle, i), fanPercent),
          one(gpu, [GPU_FAN.rpm, label], () => nvml.readings.fanRpm(handle, i), u32),
        ];
      }),
    );
  },
};
