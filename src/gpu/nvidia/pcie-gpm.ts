/** What goes over PCIe, as GPM measures it. */
import { type FieldBatch, GpmBatch } from '../../../ffi/nvml.ts';
import { GPU_PCIE_THROUGHPUT } from '../../catalog/gpu/pcie.ts';
import { type GpmSampler, knowsGpm, samplerOf } from './gpm-sampler.ts';
import type { Gpu, Reading, Slots } from './group.ts';
import { pcieBytes } from './pcie-counters.ts';
import { bytes, count, isGone } from './policy.ts';
import { readFields } from './table.ts';
import { WrappingCounter } from './wrapping-counter.ts';

/** nvmlGpmMetricId_t: sent, received. */
const GPM_IDS = [20, 21] as const;
const MIB = 2 ** 20;

/** Whether GPM measures it. In MIG mode it does so for instances alone. */
export const measuresPcie = (gpu: Gpu): boolean => gpu.facts.shared === 'no' && knowsGpm(gpu);

interface Slot {
  readonly rate: number;
  /** Where the driver counts. */
  readonly total: number | undefined;
}

/** Rates, and totals where the driver counts: GPM's rates tell how often its counters wrapped. */
export class PcieGpm implements Reading {
  readonly #gpu: Gpu;
  readonly #rates = new GpmBatch(GPM_IDS);
  readonly #bytes: FieldBatch | undefined;
  readonly #counters = [new WrappingCounter(), new WrappingCounter()] as const;
  #sampler: GpmSampler | undefined;
  #slots: readonly Slot[] = [];
  #pair = -1;

  constructor(gpu: Gpu, counts: boolean) {
    this.#gpu = gpu;
    this.#bytes = counts ? pcieBytes() : undefined;
  }

  declare(slots: Slots): void {
    const { facts } = this.#gpu;
    const { transmitRate, transmitted, receiveRate, received } = GPU_PCIE_THROUGHPUT;
    const total = (signal: typeof transmitted) =>
      this.#bytes === undefined ? undefined : slots.slot(signal, facts);
    this.#slots = [
      { rate: slots.slot(transmitRate, facts), total: total(transmitted) },
      { rate: slots.slot(receiveRate, facts), total: total(received) },
    ];
    this.#sampler ??= samplerOf(this.#gpu).retain();
  }

  sample(values: Float64Array): number {
    const sampler = this.#sampler as GpmSampler;
    const taken = sampler.take();
    if (sampler.pair === this.#pair) return isGone(taken) ? taken : 0;
    this.#pair = sampler.pair;
    // At once, so that both are of the same time.
    const read = this.#bytes === undefined ? 0 : readFields(this.#gpu, this.#bytes);
    const seconds = sampler.milliseconds / 1000;
    const known = taken === 0 && !Number.isNaN(seconds) && sampler.metrics(this.#rates) === 0;
    for (let i = 0; i < this.#slots.length; i++) {
      const { rate, total } = this.#slots[i] as Slot;
      const measured = known ? bytes((this.#rates.value[i] as number) * MIB) : Number.NaN;
      values[rate] = measured;
      if (total === undefined || this.#bytes === undefined) continue;
      const counter = this.#counters[i] as WrappingCounter;
      counter.add(count(this.#bytes.value[i] as number), measured * seconds);
      values[total] = counter.total;
    }
    if (isGone(taken)) return taken;
    return isGone(read) ? read : 0;
  }

  close(): void {
    this.#sampler?.release();
    this.#sampler = undefined;
  }
}
