/**
 * What NVIDIA's probes have told that the next ones are to know: a probe that hung or crashed takes its own
 * memory with it, and often at the very GPU that an error is to be reported of.
 */
import type { Labels, Layout } from '../board/layout.ts';
import { GPU_XID } from '../catalog/gpu/events.ts';
import type { GpuFacts } from '../catalog/gpu/gpu.ts';
import type { XidError } from '../gpu/nvidia/xid.ts';
import { ProbeSeries } from './probe-series.ts';

const XID_SIGNALS: ReadonlySet<string> = new Set([GPU_XID.errors.id, GPU_XID.lastSeen.id]);

/** XID errors: their counts go on where the last probe left them. */
export class XidMemory {
  readonly #errors = new Map<string, { -readonly [key in keyof XidError]: XidError[key] }>();

  /** Makes what takes in a layout's board, and answers what is remembered then. */
  reader(layout: Layout): () => readonly XidError[] {
    const shown = new ProbeSeries(layout, 'nvidia-events');
    return () => {
      for (const series of shown.of(XID_SIGNALS)) {
        const value = shown.value(series);
        const error = this.#error(series.labels);
        const key = series.signal.id === GPU_XID.errors.id ? 'count' : 'time';
        // NaN where the probe is gone.
        if (value > error[key]) error[key] = value;
      }
      return [...this.#errors.values()].filter(({ count }) => count > 0);
    };
  }

  #error({ xid = '', ...facts }: Labels) {
    const key = `${facts['uuid']} ${xid}`;
    const known = this.#errors.get(key);
    if (known !== undefined) return known;
    const error = { facts: facts as unknown as GpuFacts, xid: Number(xid), count: 0, time: 0 };
    this.#errors.set(key, error);
    return error;
  }
}
