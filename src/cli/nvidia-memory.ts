/**
 * What NVIDIA's probes have told that the next ones are to know: a probe that hung or crashed takes its own
 * memory with it, and often at the very GPU that an error is to be reported of.
 */
import type { Labels, Layout, Series } from '../board/layout.ts';
import { GPU_XID } from '../catalog/gpu/events.ts';
import type { GpuFacts } from '../catalog/gpu/gpu.ts';
import { GPU_INFO } from '../catalog/gpu/info.ts';
import type { KnownGpu } from '../gpu/inventory.ts';
import type { XidError } from '../gpu/nvidia/xid.ts';

/** The series of a probe, looked through again only when they may be others. */
class ProbeSeries {
  readonly #layout: Layout;
  readonly #source: string;
  #version = -1;
  #series: readonly Series[] = [];

  constructor(layout: Layout, kind: string) {
    this.#layout = layout;
    this.#source = `probe:${kind}`;
  }

  /** Those of some signals. */
  of(ids: ReadonlySet<string>): readonly Series[] {
    if (this.#version !== this.#layout.version) {
      this.#version = this.#layout.version;
      this.#series = [...this.#layout.series(this.#source)].filter((s) => ids.has(s.signal.id));
    }
    return this.#series;
  }

  value({ slot }: Series): number {
    return this.#layout.board.values[slot] as number;
  }
}

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

const LOST: ReadonlySet<string> = new Set([GPU_INFO.lost.id]);

/** Which GPUs there were: one that a probe died of may not be counted by the driver any more. */
export class GpuMemory {
  readonly #gpus = new Map<string, KnownGpu>();

  /** As XidMemory.reader. */
  reader(layout: Layout): () => readonly KnownGpu[] {
    const shown = new ProbeSeries(layout, 'nvidia');
    return () => {
      for (const { labels } of shown.of(LOST)) {
        const { uuid, device, name = '' } = labels;
        // Not one of which the driver never said who it is.
        if (uuid !== undefined) this.#gpus.set(uuid, { uuid, index: Number(device), name });
      }
      return [...this.#gpus.values()];
    };
  }
}
