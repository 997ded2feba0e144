/** The MIG devices of a GPU: compute instances, each in a GPU instance that owns the memory. */
import type { Attributes, Memory } from '../../../ffi/nvml.ts';
import type { GpuFacts, MigFacts } from '../../catalog/gpu/gpu.ts';
import type { Gpu } from './group.ts';
import { bytes, isGone, isUnsupported, u32 } from './policy.ts';

export interface MigDevice {
  /** nvmlDevice_t */
  readonly handle: number;
  readonly gpuInstance: number;
  readonly computeInstance: number;
  /** Whether it is the first of its GPU instance: what belongs to that is told once, with this one's labels. */
  readonly first: boolean;
  /** Labels of its series. */
  readonly facts: GpuFacts & MigFacts;
  readonly uuid: string;
  /** NaN where the driver does not say. */
  readonly multiprocessors: number;
}

/** No GPU has more; a driver that says so is not believed. */
const MOST = 64;
/** GPU instances get their memory in so many parts. */
const MEMORY_PARTS = 8;
const GIB = 2 ** 30;

export class MigDevices {
  readonly #gpu: Gpu;
  readonly #attributes: Attributes = {
    multiprocessors: 0,
    copyEngines: 0,
    decoders: 0,
    encoders: 0,
    jpegs: 0,
    ofas: 0,
    gpuInstanceSlices: 0,
    computeInstanceSlices: 0,
    memory: 0,
  };
  #list: readonly MigDevice[] = [];
  #rc = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** As of the last refresh. */
  get list(): readonly MigDevice[] {
    return this.#list;
  }

  /** The code of the last refresh that said that the GPU is gone, or 0. */
  get rc(): number {
    return this.#rc;
  }

  /** Looks again; answers whether anything is not as it was. */
  refresh(): boolean {
    const list = this.#read();
    const changed =
      list.length !== this.#list.length || list.some((device, i) => !same(device, this.#list[i]));
    if (changed) this.#list = list;
    return changed;
  }

  #read(): MigDevice[] {
    const { nvml, handle } = this.#gpu;
    const list: MigDevice[] = [];
    const most = Math.min(u32(nvml.u32('maxMigDeviceCount', handle)) || 0, MOST);
    this.#rc = isGone(nvml.rc) ? nvml.rc : 0;
    for (let i = 0; i < most && this.#rc === 0; i++) {
      const device = nvml.migHandle(handle, i);
      if (isGone(nvml.rc)) this.#rc = nvml.rc;
      const mig = device === 0 ? undefined : this.#device(device, i, list);
      if (mig !== undefined) list.push(mig);
    }
    return list;
  }

  /** Undefined where the driver keeps to itself which instances it is, or it was destroyed meanwhile. */
  #device(handle: number, index: number, before: readonly MigDevice[]): MigDevice | undefined {
    const { nvml, facts } = this.#gpu;
    const gpuInstance = u32(nvml.u32('gpuInstanceId', handle));
    const computeInstance = u32(nvml.u32('computeInstanceId', handle));
    if (Number.isNaN(gpuInstance) || Number.isNaN(computeInstance)) return undefined;
    const known = nvml.readings.attributes(handle, this.#attributes) === 0;
    return {
      handle,
      gpuInstance,
      computeInstance,
      first: !before.some((other) => other.gpuInstance === gpuInstance),
      facts: {
        ...facts,
        shared: 'no',
        mig_device: String(index),
        mig_profile: this.#profile(handle, known),
        gpu_instance_id: String(gpuInstance),
        compute_instance_id: String(computeInstance),
      },
      uuid: nvml.text('uuid', handle) ?? '',
      multiprocessors: known ? u32(this.#attributes.multiprocessors) : Number.NaN,
    };
  }

  /** Drivers end the device's name with the profile; otherwise it is put together as nvidia-smi does. */
  #profile(handle: number, known: boolean): string {
    const { nvml } = this.#gpu;
    const named = /\bMIG (\S+)$/.exec(nvml.text('name', handle) ?? '')?.[1];
    if (named !== undefined) return named;
    const memory: Memory = { total: 0, reserved: 0, free: 0, used: 0 };
    const whole = nvml.readings.memory(this.#gpu.handle, memory) === 0 ? bytes(memory.total) : 0;
    return known && whole > 0 ? profileName(this.#attributes, whole) : '';
  }
}

/** `1g.18gb`, `1c.3g.71gb`: slices of the compute instance where it has not all, of the GPU instance, memory. */
export function profileName(
  attributes: Pick<Attributes, 'gpuInstanceSlices' | 'computeInstanceSlices' | 'memory'>,
  /** Bytes of the whole GPU. */
  total: number,
): string {
  const { gpuInstanceSlices: g, computeInstanceSlices: c } = attributes;
  const parts = Math.ceil(((attributes.memory * 2 ** 20) / total) * MEMORY_PARTS);
  const gigabytes = Math.round((parts / MEMORY_PARTS) * Math.ceil(total / GIB));
  return `${c < g ? `${c}c.` : ''}${g}g.${gigabytes}gb`;
}

/** Handles are compared too: a destroyed instance may come back under its ids with another. */
function same(a: MigDevice, b: MigDevice | undefined): boolean {
  return (
    b !== undefined &&
    a.handle === b.handle &&
    a.uuid === b.uuid &&
    a.gpuInstance === b.gpuInstance &&
    a.computeInstance === b.computeInstance &&
    a.facts.mig_device === b.facts.mig_device &&
    a.facts.mig_profile === b.facts.mig_profile
  );
}

/** Whether the GPU has a MIG mode at all. */
export function knowsMig({ nvml, handle }: Gpu): boolean {
  nvml.u32('migMode', handle);
  return !isUnsupported(nvml.rc);
}
