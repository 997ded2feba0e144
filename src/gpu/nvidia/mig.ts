/** MIG: the mode of a GPU, its devices, and the memory of each GPU instance. */
import type { Memory } from '../../../ffi/nvml.ts';
import { GPU_MEMORY } from '../../catalog/gpu/memory.ts';
import { GPU_MIG } from '../../catalog/gpu/mig.ts';
import { type Gpu, type Group, RESHAPE, type Reading, type Slots } from './group.ts';
import { knowsMig, type MigDevice, MigDevices } from './mig-devices.ts';
import { bytes, flag, isGone } from './policy.ts';

/** Mode and devices. */
export const mig: Group = {
  name: 'mig',
  every: 10,
  attach: (gpu) => (knowsMig(gpu) ? new MigReading(gpu) : undefined),
};

/** `gpu_memory_*` of GPU instances, in place of that of their GPU. */
export const migMemory: Group = {
  name: 'memory',
  every: 1,
  attach: (gpu) => (gpu.facts.shared === 'yes' ? new MigMemory(gpu) : undefined),
};

class MigReading implements Reading {
  readonly #gpu: Gpu;
  readonly #devices: MigDevices;
  #mode = { current: 0, pending: 0, count: 0 };
  #rows: { readonly device: MigDevice; readonly info: number; readonly sms: number }[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#devices = new MigDevices(gpu);
  }

  declare(slots: Slots): void {
    const { facts } = this.#gpu;
    this.#devices.refresh();
    this.#mode = {
      current: slots.slot(GPU_MIG.enabled, facts),
      pending: slots.slot(GPU_MIG.enabledPending, facts),
      count: slots.slot(GPU_MIG.devices, facts),
    };
    this.#rows = this.#devices.list.map((device) => ({
      device,
      info: slots.slot(GPU_MIG.info, { ...device.facts, mig_uuid: device.uuid }),
      sms: slots.slot(GPU_MIG.multiprocessors, device.facts),
    }));
  }

  sample(values: Float64Array): number {
    const { nvml, handle } = this.#gpu;
    const on = flag(nvml.u32('migMode', handle));
    const { rc } = nvml;
    values[this.#mode.current] = on;
    values[this.#mode.pending] = flag(nvml.more(1));
    if (isGone(rc)) return rc;
    if (this.#devices.refresh()) return RESHAPE;
    values[this.#mode.count] = on === 1 ? this.#devices.list.length : Number.NaN;
    for (const { device, info, sms } of this.#rows) {
      values[info] = 1;
      values[sms] = device.multiprocessors;
    }
    return this.#devices.rc;
  }
}

class MigMemory implements Reading {
  readonly #gpu: Gpu;
  readonly #devices: MigDevices;
  readonly #memory: Memory = { total: 0, reserved: 0, free: 0, used: 0 };
  #rows: {
    readonly handle: number;
    readonly slots: readonly [total: number, used: number, free: number, reserved: number];
  }[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#devices = new MigDevices(gpu);
  }

  declare(slots: Slots): void {
    this.#devices.refresh();
    this.#rows = [];
    for (const { handle, facts, first } of this.#devices.list) {
      if (!first) continue;
      this.#rows.push({
        handle,
        slots: [
          slots.slot(GPU_MEMORY.total, facts),
          slots.slot(GPU_MEMORY.used, facts),
          slots.slot(GPU_MEMORY.free, facts),
          slots.slot(GPU_MEMORY.reserved, facts),
        ],
      });
    }
  }

  sample(values: Float64Array): number {
    const memory = this.#memory;
    for (const { handle, slots } of this.#rows) {
      const rc = this.#gpu.nvml.readings.memory(handle, memory);
      const known = rc === 0;
      values[slots[0]] = known ? bytes(memory.total) : Number.NaN;
      values[slots[1]] = known ? bytes(memory.used) : Number.NaN;
      values[slots[2]] = known ? bytes(memory.free) : Number.NaN;
      values[slots[3]] = known ? bytes(memory.reserved) : Number.NaN;
      if (isGone(rc)) return rc;
    }
    return 0;
  }
}
