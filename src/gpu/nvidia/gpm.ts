/** GPM: how much of a GPU, or of each of its MIG GPU instances, was active between two polls. */
import { GpmBatch } from '../../../ffi/nvml.ts';
import { GPU_GPM, GPU_GPM_DETAIL } from '../../catalog/gpu/gpm.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { Signal } from '../../catalog/signal.ts';
import { type GpmSampler, knowsGpm, samplerOf } from './gpm-sampler.ts';
import type { Gpu, Group, Reading, Slots } from './group.ts';
import { MigDevices } from './mig-devices.ts';
import { isGone } from './policy.ts';

interface Metric {
  /** nvmlGpmMetricId_t, of one that is in per cent. */
  readonly id: number;
  readonly signal: Signal;
  readonly labels?: Readonly<Record<string, string>>;
}

const METRICS: readonly Metric[] = [
  { id: 1, signal: GPU_GPM.graphics },
  { id: 2, signal: GPU_GPM.sm },
  { id: 3, signal: GPU_GPM.occupancy },
  { id: 5, signal: GPU_GPM.tensor },
  { id: 10, signal: GPU_GPM.dram },
];

const engines = (name: string, first: number, count: number): Metric[] =>
  Array.from({ length: count }, (_, i) => ({
    id: first + i,
    signal: GPU_GPM_DETAIL.engine,
    labels: { engine: `${name}${i}` },
  }));

const DETAIL: readonly Metric[] = [
  { id: 4, signal: GPU_GPM_DETAIL.integer },
  { id: 6, signal: GPU_GPM_DETAIL.tensorDfma },
  { id: 7, signal: GPU_GPM_DETAIL.tensorHmma },
  { id: 9, signal: GPU_GPM_DETAIL.tensorImma },
  { id: 11, signal: GPU_GPM_DETAIL.fp64 },
  { id: 12, signal: GPU_GPM_DETAIL.fp32 },
  { id: 13, signal: GPU_GPM_DETAIL.fp16 },
  ...engines('nvdec', 30, 8),
  ...engines('nvjpg', 40, 8),
  ...engines('ofa', 50, 2),
];

const group = (name: 'gpm' | 'gpm_detail', metrics: readonly Metric[]): Group => ({
  name,
  every: 1,
  attach: (gpu) => (knowsGpm(gpu) ? new GpmReading(gpu, metrics) : undefined),
});

export const gpm: Group = group('gpm', METRICS);
export const gpmDetail: Group = group('gpm_detail', DETAIL);

/** A GPU or a GPU instance. */
interface Row {
  readonly sampler: GpmSampler;
  readonly slots: readonly number[];
  /** Pair of samples that was computed last. */
  pair: number;
}

class GpmReading implements Reading {
  readonly #gpu: Gpu;
  readonly #metrics: readonly Metric[];
  readonly #batch: GpmBatch;
  readonly #migs: MigDevices | undefined;
  #rows: readonly Row[] = [];

  constructor(gpu: Gpu, metrics: readonly Metric[]) {
    this.#gpu = gpu;
    this.#metrics = metrics;
    this.#batch = new GpmBatch(metrics.map((metric) => metric.id));
    this.#migs = gpu.facts.shared === 'yes' ? new MigDevices(gpu) : undefined;
  }

  declare(slots: Slots): void {
    const old = this.#rows;
    this.#migs?.refresh();
    this.#rows =
      this.#migs === undefined
        ? [this.#row(slots, samplerOf(this.#gpu), this.#gpu.facts)]
        : this.#migs.list
            .filter(({ first }) => first)
            .map(({ gpuInstance, facts }) =>
              this.#row(slots, samplerOf(this.#gpu, gpuInstance), facts),
            );
    // After the new ones have retained theirs: what is in both keeps its samples.
    for (const { sampler } of old) sampler.release();
  }

  sample(values: Float64Array): number {
    for (const row of this.#rows) {
      const rc = row.sampler.take();
      if (row.sampler.pair !== row.pair) this.#write(values, row, rc);
      if (isGone(rc)) return rc;
    }
    return 0;
  }

  close(): void {
    for (const { sampler } of this.#rows) sampler.release();
    this.#rows = [];
  }

  #row(slots: Slots, sampler: GpmSampler, facts: GpuFacts): Row {
    return {
      sampler: sampler.retain(),
      slots: this.#metrics.map(({ signal, labels }) =>
        slots.slot(signal, labels === undefined ? facts : { ...facts, ...labels }),
      ),
      pair: -1,
    };
  }

  #write(values: Float64Array, row: Row, rc: number): void {
    row.pair = row.sampler.pair;
    const known = rc === 0 && !Number.isNaN(row.sampler.milliseconds);
    const read = known && row.sampler.metrics(this.#batch) === 0;
    for (let i = 0; i < row.slots.length; i++) {
      values[row.slots[i] as number] = read ? share(this.#batch.value[i] as number) : Number.NaN;
    }
  }
}

/** Per cent to a ratio. Two counters that are not read at one instant may give a little more than all. */
function share(percent: number): number {
  return percent >= 0 && percent <= 101 ? Math.min(percent, 100) / 100 : Number.NaN;
}
