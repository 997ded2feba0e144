/** NVML's GPU performance monitoring (Hopper and later): what happened between two samples. */
import { setUint64, uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import type { GpmBatch } from './nvml-lists.ts';
import { GPM_METRIC, GPM_METRICS_GET } from './nvml-records.ts';
import { RETURN } from './nvml-returns.ts';
import type { Handle } from './nvml-types.ts';

/**
 * Metrics that the longest nvmlGpmMetricsGet_t has room for (NVML 13.2). A driver touches only as many as
 * it is asked for, but might copy the struct as it knows it.
 */
const LONGEST = 333;

/** Whether a GPU can do it at all: `u32('gpmSupport', device)`. */
export class NvmlGpm {
  readonly #core: NvmlCore;
  readonly #alloc: CCall;
  readonly #free: CCall;
  readonly #sample: CCall;
  readonly #migSample: CCall;
  readonly #metrics: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#alloc = core.bind(['nvmlGpmSampleAlloc'], ['ptr']);
    this.#free = core.bind(['nvmlGpmSampleFree'], ['ptr']);
    this.#sample = core.bind(['nvmlGpmSampleGet'], ['ptr', 'ptr']);
    this.#migSample = core.bind(['nvmlGpmMigSampleGet'], ['ptr', 'u32', 'ptr']);
    this.#metrics = core.bind(['nvmlGpmMetricsGet'], ['ptr']);
  }

  /** A new sample buffer, to be filled again and again; 0 when there is none. */
  alloc(): Handle {
    const core = this.#core;
    setUint64(core.scratch.view, 0, 0);
    core.rc = this.#alloc(core.scratch.pointer);
    return core.rc === RETURN.success ? uint64(core.scratch.view, 0) : 0;
  }

  free(sample: Handle): number {
    this.#core.rc = this.#free(sample);
    return this.#core.rc;
  }

  /** Takes a sample of a GPU. notSupported in MIG mode on some drivers. */
  sample(device: Handle, sample: Handle): number {
    this.#core.rc = this.#sample(device, sample);
    return this.#core.rc;
  }

  /** Takes a sample of a GPU instance: `device` is the GPU, not the MIG device. */
  migSample(device: Handle, gpuInstance: number, sample: Handle): number {
    this.#core.rc = this.#migSample(device, gpuInstance, sample);
    return this.#core.rc;
  }

  /**
   * What the metrics of a batch were between two samples of the same device, the older one first. As with
   * {@link NvmlFields.read}, one that cannot be had does not fail the others.
   */
  metrics(older: Handle, newer: Handle, batch: GpmBatch): number {
    const core = this.#core;
    const { length } = batch;
    const head = GPM_METRICS_GET;
    const { bytes, u32, f64 } = GPM_METRIC;
    core.room(Math.max(length, LONGEST) + 1, bytes);
    const { view } = core.list;
    // Here alone the version is not NVML_STRUCT_VERSION.
    view.setUint32(head.u32.version, 1, true);
    view.setUint32(head.u32.numMetrics, length, true);
    setUint64(view, head.ptr.sample1, older);
    setUint64(view, head.ptr.sample2, newer);
    for (let i = 0, at: number = head.bytes; i < length; i++, at += bytes) {
      view.setUint32(at + u32.metricId, batch.ids[i] as number, true);
    }
    core.rc = this.#metrics(core.list.pointer);
    for (let i = 0, at: number = head.bytes; i < length; i++, at += bytes) {
      const rc = core.rc === RETURN.success ? view.getUint32(at + u32.nvmlReturn, true) : core.rc;
      batch.rc[i] = rc;
      batch.value[i] = rc === RETURN.success ? view.getFloat64(at + f64.value, true) : Number.NaN;
    }
    return core.rc;
  }
}
