/** The GPUs that NVIDIA's driver counts. */
import { type Nvml, RETURN } from '../../../ffi/nvml.ts';
import type { Guard } from '../../board/guard.ts';
import { isDriverGone, isGone, u32 } from './policy.ts';

/** A GPU that the driver counts. */
export interface Found {
  readonly index: number;
  /** 0 where the driver gives none. */
  readonly handle: number;
  /** Undefined without a handle. */
  readonly uuid: string | undefined;
  /** The GPU is lost, or hung a former probe; not one that this process may not see. */
  readonly gone: boolean;
  /** nvmlReturn_t of what was asked last: why there is no UUID. */
  readonly rc: number;
}

/** No driver counts so many: it is not believed. */
const MOST_GPUS = 256;

/** Every GPU that the driver counts; undefined, and the reason in `nvml.rc`, where it does not count. */
export function enumerate(nvml: Nvml, guard: Guard): Found[] | undefined {
  const count = u32(nvml.deviceCount());
  if (!(count <= MOST_GPUS)) return undefined;
  const found: Found[] = [];
  for (let index = 0; index < count; index++) {
    found.push(find(nvml, guard, index));
    if (isDriverGone(nvml.rc)) return undefined;
  }
  return found;
}

function find(nvml: Nvml, guard: Guard, index: number): Found {
  const nothing = { index, handle: 0, uuid: undefined };
  if (!guard.enter(`NVIDIA GPU ${index}`)) return { ...nothing, gone: true, rc: RETURN.timeout };
  const handle = nvml.handle(index);
  const uuid = handle === 0 ? undefined : nvml.text('uuid', handle);
  guard.leave();
  const { rc } = nvml;
  if (uuid !== undefined) return { index, handle, uuid, gone: false, rc };
  return { ...nothing, gone: isGone(rc) || rc === RETURN.notFound || rc === RETURN.unknown, rc };
}
