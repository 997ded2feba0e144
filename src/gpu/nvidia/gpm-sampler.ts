/** Pairs of GPM samples, between which NVML computes what happened; one pair for all who ask. */
import type { GpmBatch, Nvml } from '../../../ffi/nvml.ts';
import type { Gpu } from './group.ts';

/** Milliseconds. A second is the shortest time that NVIDIA's own tools measure over; a poll may come early. */
const SHORTEST = 900;
/** Counters below may wrap in longer times. */
const LONGEST = 600_000;

export class GpmSampler {
  readonly #nvml: Nvml;
  readonly #fill: (sample: number) => number;
  #older = 0;
  #newer = 0;
  #olderAt = Number.NaN;
  #newerAt = Number.NaN;
  #pair = 0;
  #users = 0;

  /** `fill` takes a sample into a buffer and answers nvmlReturn_t. */
  constructor(nvml: Nvml, fill: (sample: number) => number) {
    this.#nvml = nvml;
    this.#fill = fill;
  }

  /** Another number for each new pair of samples. */
  get pair(): number {
    return this.#pair;
  }

  /** Between the samples of the pair; NaN where there is no usable pair yet. */
  get milliseconds(): number {
    const time = this.#newerAt - this.#olderAt;
    return time <= LONGEST ? time : Number.NaN;
  }

  retain(): this {
    this.#users++;
    return this;
  }

  /** The last user's release gives the samples back. */
  release(): void {
    if (--this.#users > 0) return;
    if (this.#older !== 0) this.#nvml.gpm.free(this.#older);
    if (this.#newer !== 0) this.#nvml.gpm.free(this.#newer);
    this.#older = 0;
    this.#newer = 0;
    this.#olderAt = Number.NaN;
    this.#newerAt = Number.NaN;
  }

  /** Takes a sample where the last is old enough. Answers nvmlReturn_t; a failure begins anew. */
  take(): number {
    const now = performance.now();
    if (now - this.#newerAt < SHORTEST) return 0;
    if (this.#older === 0) this.#older = this.#nvml.gpm.alloc();
    if (this.#older === 0) return this.#nvml.rc;
    const rc = this.#fill(this.#older);
    this.#pair++;
    const sample = this.#older;
    this.#older = this.#newer;
    this.#newer = sample;
    this.#olderAt = rc === 0 ? this.#newerAt : Number.NaN;
    this.#newerAt = rc === 0 ? now : Number.NaN;
    return rc;
  }

  /** What the metrics of a batch were between the two samples. Answers nvmlReturn_t. */
  metrics(batch: GpmBatch): number {
    return this.#nvml.gpm.metrics(this.#older, this.#newer, batch);
  }
}

const WHOLE = -1;
const samplers = new WeakMap<Gpu, Map<number, GpmSampler>>();

/** The sampler of a GPU, or of one of its GPU instances: the same for all. To be retained and released. */
export function samplerOf(gpu: Gpu, gpuInstance = WHOLE): GpmSampler {
  const { nvml, handle } = gpu;
  const own = samplers.get(gpu) ?? new Map<number, GpmSampler>();
  samplers.set(gpu, own);
  const sampler =
    own.get(gpuInstance) ??
    new GpmSampler(nvml, (sample) =>
      gpuInstance === WHOLE
        ? nvml.gpm.sample(handle, sample)
        : nvml.gpm.migSample(handle, gpuInstance, sample),
    );
  own.set(gpuInstance, sampler);
  return sampler;
}

/** Whether the GPU counts for GPM. */
export const knowsGpm = ({ nvml, handle }: Gpu): boolean => nvml.u32('gpmSupport', handle) === 1;
