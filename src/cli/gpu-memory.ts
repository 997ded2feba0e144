/**
 * Which GPUs a vendor's probes have told of: one that a probe died of may be gone by the time the next looks, and
 * that it is lost must not be lost with the probe.
 */
import type { Layout } from '../board/layout.ts';
import { GPU_INFO } from '../catalog/gpu/info.ts';
import type { KnownGpu } from '../gpu/inventory.ts';
import { ProbeSeries } from './probe-series.ts';

const SIGNALS: ReadonlySet<string> = new Set([GPU_INFO.lost.id, GPU_INFO.info.id]);

export class GpuMemory {
  readonly #kind: string;
  readonly #gpus = new Map<string, KnownGpu>();

  /** `kind`: of the probe. */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Makes what takes in a layout's board, and answers what is remembered then. */
  reader(layout: Layout): () => readonly KnownGpu[] {
    const shown = new ProbeSeries(layout, this.#kind);
    return () => {
      for (const { labels } of shown.of(SIGNALS)) {
        const { uuid, device, name, pci_bus_id: address } = labels;
        // Not one of which the driver never said who it is.
        if (uuid === undefined) continue;
        const known = this.#gpus.get(uuid);
        this.#gpus.set(uuid, {
          uuid,
          index: Number(device),
          name: name ?? known?.name ?? '',
          address: address ?? known?.address ?? '',
        });
      }
      return [...this.#gpus.values()];
    };
  }
}
