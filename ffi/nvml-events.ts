/** NVML's events: XIDs and the like, by a call that blocks. */
import { setUint64, uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import { EVENT } from './nvml-records.ts';
import { RETURN } from './nvml-returns.ts';
import type { GpuEvent, Handle } from './nvml-types.ts';

export class NvmlEvents {
  readonly #core: NvmlCore;
  readonly #create: CCall;
  readonly #free: CCall;
  readonly #register: CCall;
  readonly #wait: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#create = core.bind(['nvmlEventSetCreate'], ['ptr']);
    this.#free = core.bind(['nvmlEventSetFree'], ['ptr']);
    this.#register = core.bind(['nvmlDeviceRegisterEvents'], ['ptr', 'u64', 'ptr']);
    // The old function fills a shorter struct; the instance ids then stay all-ones.
    this.#wait = core.bind(['nvmlEventSetWait_v2', 'nvmlEventSetWait'], ['ptr', 'ptr', 'u32']);
  }

  /** A new event set, or 0. */
  create(): Handle {
    const core = this.#core;
    setUint64(core.scratch.view, 0, 0);
    core.rc = this.#create(core.scratch.pointer);
    return core.rc === RETURN.success ? uint64(core.scratch.view, 0) : 0;
  }

  /** Releases a set that nobody waits on. */
  free(set: Handle): number {
    this.#core.rc = this.#free(set);
    return this.#core.rc;
  }

  /** Adds to a set the events of a device; notSupported unless `types` are among u64('supportedEventTypes'). */
  register(device: Handle, types: number, set: Handle): number {
    this.#core.rc = this.#register(device, types, set);
    return this.#core.rc;
  }

  /**
   * The next event. Blocks this thread for up to `timeout` ms, so it wants a thread or process of its own.
   * Undefined with `rc` timeout when none came, gpuIsLost when a GPU went.
   */
  wait(set: Handle, timeout: number): GpuEvent | undefined {
    const core = this.#core;
    const { view } = core.scratch;
    core.rc = this.#wait(set, core.struct(EVENT), timeout);
    if (core.rc !== RETURN.success) return undefined;
    return {
      device: uint64(view, EVENT.ptr.device),
      type: uint64(view, EVENT.u64.eventType),
      data: uint64(view, EVENT.u64.eventData),
      gpuInstance: view.getUint32(EVENT.u32.gpuInstanceId, true),
      computeInstance: view.getUint32(EVENT.u32.computeInstanceId, true),
    };
  }
}
