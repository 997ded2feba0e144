/** What goes over PCIe, as GPM measures it. */
import { GpmBatch } from '../../../ffi/nvml.ts';
import { GPU_PCIE_THROUGHPUT } from '../../catalog/gpu/pcie.ts';
import { knowsGpm, samplerOf } from './gpm-sampler.ts';
import type { Gpu, Reading, Slots } from './group.ts';
import { isGone } from './policy.ts';

/** nvmlGpmMetricId_t: sent, received. */
const GPM_IDS = [20, 21] as const;
const MIB = 2 ** 20;

/** Whether GPM measures it. In MIG mode it does so for instances alone. */
export const measuresPcie = (gpu: Gpu): boolean => gpu.facts.shared === 'no' && knowsGpm(gpu);

export class PcieRates {
  readonly #gpu: Gpu;
  readonly #batch = new GpmBatch(GPM_IDS);
  readonly #rates = new Float64Array(GPM_IDS.length).fill(Number.NaN);
  #retained = false;
  #pair = -1;
  rc = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Bytes per second, sent and received; NaN where they are not known. */
  read(): Float64Array {
    const sampler = samplerOf(this.#gpu);
    if (!this.#retained) sampler.retain();
    this.#retained = true;
    this.rc = sampler.take();
    if (sampler.pair === this.#pair) return this.#rates;
    this.#pair = sampler.pair;
    const known =
      this.rc === 0 && !Number.isNaN(sampler.milliseconds) && sampler.metrics(this.#batch) === 0;
    for (let i = 0; i < GPM_IDS.length; i++) {
      const rate = this.#batch.value[i] as number;
      this.#rates[i] = known && rate >= 0 ? rate * MIB : Number.NaN;
    }
    return this.#rates;
  }

  close(): void {
    if (this.#retained) samplerOf(this.#gpu).release();
    this.#retained = false;
  }
}

export class PcieGpm implements Reading {
  readonly #gpu: Gpu;
  readonly #rates: PcieRates;
  #slots: readonly number[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#rates = new PcieRates(gpu);
  }

  declare(slots: Slots): void {
    const { transmitRate, receiveRate } = GPU_PCIE_THROUGHPUT;
    this.#slots = [transmitRate, receiveRate].map((signal) => slots.slot(signal, this.#gpu.facts));
  }

  sample(values: Float64Array): number {
    const rates = this.#rates.read();
    for (let i = 0; i < this.#slots.length; i++) {
      values[this.#slots[i] as number] = rates[i] as number;
    }
    return isGone(this.#rates.rc) ? this.#rates.rc : 0;
  }

  close(): void {
    this.#rates.close();
  }
}
