/** What NVLinks a GPU has. */
import { FieldBatch } from '../../../ffi/nvml.ts';
import type { Gpu } from './group.ts';
import { flag, u32 } from './policy.ts';
import { readFields } from './table.ts';

export const KIB = 1024;
/** NVML's speeds are in MB/s. */
export const MEGABYTE = 1e6;

/** Field ids. */
const LINK_COUNT = 91;
const C2C_COUNT = 170;
/** NVML_NVLINK_MAX_LINKS has been 18 since Hopper; none is believed to have more than this. */
const MOST = 64;

/** NVLinks of the GPU, up or not; 0 where there are none. */
export function links(gpu: Gpu): number {
  const told = one(gpu, LINK_COUNT);
  return Number.isNaN(told) ? answering(gpu) : Math.min(told, MOST);
}

/** Links to the CPU chip; 0 where there are none. */
export function c2cLinks(gpu: Gpu): number {
  return Math.min(one(gpu, C2C_COUNT) || 0, MOST);
}

function one(gpu: Gpu, id: number): number {
  const batch = new FieldBatch([id]);
  readFields(gpu, batch);
  return u32(batch.value[0] as number);
}

/** A driver that does not know the field says of each link whether it is there. */
function answering({ nvml, handle }: Gpu): number {
  for (let link = 0; link < MOST; link++) {
    if (Number.isNaN(flag(nvml.u32('nvLinkState', handle, link)))) return link;
  }
  return MOST;
}
