/** Which GPUs there are, and which there were: what outlives the loss of a GPU. */
import { type Nvml, RETURN } from '../../../ffi/nvml.ts';
import type { Guard } from '../../board/guard.ts';
import { GPU_INFO } from '../../catalog/gpu/info.ts';
import type { Slots } from './group.ts';
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
  if (!guard.enter(`NVIDIA GPU ${index}`)) return { ...nothing, gone: true };
  const handle = nvml.handle(index);
  const uuid = handle === 0 ? undefined : nvml.text('uuid', handle);
  guard.leave();
  if (uuid !== undefined) return { index, handle, uuid, gone: false };
  const { rc } = nvml;
  return { ...nothing, gone: isGone(rc) || rc === RETURN.notFound || rc === RETURN.unknown };
}

interface Seen {
  /** `device`, `uuid`, `name`, as far as they were ever known. */
  readonly labels: Readonly<Record<string, string>>;
  slot: number;
}

/** gpu_devices and gpu_lost: what was there once stays in them. */
export class Inventory {
  readonly #seen = new Map<string, Seen>();
  #devices = 0;

  get empty(): boolean {
    return this.#seen.size === 0;
  }

  /** A GPU that answered with its UUID at least. */
  note(uuid: string, index: number, name = this.#seen.get(uuid)?.labels['name'] ?? ''): void {
    this.#seen.delete(nameless(index));
    const labels = { device: String(index), uuid, ...(name === '' ? {} : { name }) };
    this.#seen.set(uuid, { labels, slot: 0 });
  }

  /** A GPU that the driver counts and of which it says nothing; `found` are those of which it does. */
  noteNameless(index: number, found: ReadonlySet<string | undefined>): void {
    const device = String(index);
    for (const [uuid, { labels }] of this.#seen) {
      // That is who it was.
      if (labels['device'] === device && !found.has(uuid)) return;
    }
    this.#seen.set(nameless(index), { labels: { device }, slot: 0 });
  }

  declare(slots: Slots): void {
    this.#devices = slots.slot(GPU_INFO.devices, { vendor: 'nvidia' });
    for (const seen of this.#seen.values()) seen.slot = slots.slot(GPU_INFO.lost, seen.labels);
  }

  /** `alive`: by UUID, those that answer. */
  write(values: Float64Array, alive: ReadonlyMap<string, unknown>): void {
    values[this.#devices] = alive.size;
    for (const [uuid, { slot }] of this.#seen) values[slot] = alive.has(uuid) ? 0 : 1;
  }

  /** Whether a GPU that was there does not answer. */
  lacks(alive: ReadonlyMap<string, unknown>): boolean {
    for (const uuid of this.#seen.keys()) if (!alive.has(uuid)) return true;
    return false;
  }
}

/** Key of a GPU whose UUID was never known. */
const nameless = (index: number): string => `index ${index}`;
