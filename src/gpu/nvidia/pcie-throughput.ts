/** What goes over PCIe: from the driver's counters where it has them, else from what measures the rate. */
import { FieldBatch } from '../../../ffi/nvml.ts';
import { GPU_PCIE_THROUGHPUT } from '../../catalog/gpu/pcie.ts';
import { ByteCounter } from './byte-counter.ts';
import type { Gpu, Group, Reading, Slots } from './group.ts';
import { onLink } from './pcie.ts';
import { measuresPcie, PcieGpm, PcieRates } from './pcie-gpm.ts';
import { count, isGone, u32 } from './policy.ts';
import { one, readFields, Table } from './table.ts';

export const pcieThroughput: Group = {
  name: 'pcie_throughput',
  every: 1,
  attach: onLink((gpu) => {
    if (hasCounters(gpu)) return new PcieCounters(gpu);
    return measuresPcie(gpu) ? new PcieGpm(gpu) : undefined;
  }),
};

/** The driver's call blocks for 20 ms per direction: for GPUs that have nothing better. */
export const pcieThroughputBlocking: Group = {
  name: 'pcie_throughput',
  every: 10,
  attach: onLink((gpu) => {
    if (hasCounters(gpu) || measuresPcie(gpu)) return undefined;
    const { transmitRate, receiveRate } = GPU_PCIE_THROUGHPUT;
    return new Table(
      gpu,
      [transmitRate, receiveRate].map((series, direction) =>
        one(
          gpu,
          series,
          () => gpu.nvml.u32('pcieThroughput', gpu.handle, direction),
          (x) => u32(x) * KB,
        ),
      ),
    );
  }),
};

/** NVML's KB. */
const KB = 1024;

/** Field ids: bytes sent, received. */
const TRANSMITTED = 197;
const RECEIVED = 198;

function hasCounters(gpu: Gpu): boolean {
  const batch = new FieldBatch([TRANSMITTED, RECEIVED]);
  readFields(gpu, batch);
  return batch.rc.every((rc) => rc === 0);
}

class PcieCounters implements Reading {
  readonly #gpu: Gpu;
  readonly #batch = new FieldBatch([TRANSMITTED, RECEIVED]);
  readonly #counters = [new ByteCounter(), new ByteCounter()] as const;
  /** GPM's rates tell how often the counters wrapped. */
  readonly #gpm: PcieRates | undefined;
  #slots: readonly { readonly total: number; readonly rate: number }[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#gpm = measuresPcie(gpu) ? new PcieRates(gpu) : undefined;
  }

  declare(slots: Slots): void {
    const { facts } = this.#gpu;
    const { transmitted, transmitRate, received, receiveRate } = GPU_PCIE_THROUGHPUT;
    this.#slots = [
      { total: slots.slot(transmitted, facts), rate: slots.slot(transmitRate, facts) },
      { total: slots.slot(received, facts), rate: slots.slot(receiveRate, facts) },
    ];
  }

  sample(values: Float64Array): number {
    const now = performance.now();
    const rates = this.#gpm?.read();
    const rc = readFields(this.#gpu, this.#batch);
    for (let i = 0; i < this.#slots.length; i++) {
      const counter = this.#counters[i] as ByteCounter;
      const { total, rate } = this.#slots[i] as { total: number; rate: number };
      counter.add(count(this.#batch.value[i] as number), now, rates?.[i]);
      values[total] = counter.total;
      values[rate] = counter.rate;
    }
    return isGone(rc) ? rc : 0;
  }

  close(): void {
    this.#gpm?.close();
  }
}
