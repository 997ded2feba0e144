/** What goes over PCIe by the driver's counters, on GPUs where nothing else measures it. */
import { FieldBatch } from '../../../ffi/nvml.ts';
import { GPU_PCIE_THROUGHPUT } from '../../catalog/gpu/pcie.ts';
import { ByteCounter } from './byte-counter.ts';
import type { Gpu, Reading, Slots } from './group.ts';
import { count, isGone } from './policy.ts';
import { readFields } from './table.ts';
import { WRAP } from './wrapping-counter.ts';

/** Field ids: bytes sent, received. nvml.h: "Value can be wrapped", and nothing of how many bits they have. */
const FIELDS = [197, 198] as const;

/** Both directions, sent first. */
export const pcieBytes = (): FieldBatch => new FieldBatch(FIELDS);

/** `narrow`: perhaps of 32 bits, and so of no use from poll to poll: PCIe 5 fills them in 70 ms. */
export type CounterKind = 'none' | 'narrow' | 'wide';

export function counterKind(gpu: Gpu): CounterKind {
  const batch = pcieBytes();
  readFields(gpu, batch);
  if (!batch.rc.every((rc) => rc === 0)) return 'none';
  return batch.value.some((value) => count(value) >= WRAP) ? 'wide' : 'narrow';
}

/** Counters of 64 bits: totals, and rates over the last poll. */
export class PcieCounters implements Reading {
  readonly #gpu: Gpu;
  readonly #batch = pcieBytes();
  readonly #counters = [new ByteCounter(), new ByteCounter()] as const;
  #slots: readonly { readonly total: number; readonly rate: number }[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
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
    const rc = readFields(this.#gpu, this.#batch);
    for (let i = 0; i < this.#slots.length; i++) {
      const counter = this.#counters[i] as ByteCounter;
      const { total, rate } = this.#slots[i] as { total: number; rate: number };
      counter.add(count(this.#batch.value[i] as number), now);
      values[total] = counter.total;
      values[rate] = counter.rate;
    }
    return isGone(rc) ? rc : 0;
  }
}

/** Milliseconds between two readings. */
const WINDOW = 20;
/** Seconds in which PCIe 5 with 16 lanes, 63 GB/s, cannot yet fill a counter of 32 bits. */
const LONGEST = 0.06;
/** A process that sleeps may be woken late. */
const TRIES = 3;

/** Counters that wrap too soon: rates in a short window, and no totals. It blocks for as long. */
export class PcieWindow implements Reading {
  readonly #gpu: Gpu;
  readonly #first = pcieBytes();
  readonly #second = pcieBytes();
  #slots: readonly number[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  declare(slots: Slots): void {
    const { transmitRate, receiveRate } = GPU_PCIE_THROUGHPUT;
    this.#slots = [transmitRate, receiveRate].map((signal) => slots.slot(signal, this.#gpu.facts));
  }

  sample(values: Float64Array): number {
    let seconds = Number.POSITIVE_INFINITY;
    let rc = 0;
    for (let n = 0; n < TRIES && rc === 0 && seconds > LONGEST; n++) {
      const before = performance.now();
      rc = readFields(this.#gpu, this.#first);
      if (rc !== 0) break;
      Bun.sleepSync(WINDOW);
      rc = readFields(this.#gpu, this.#second);
      seconds = (performance.now() - before) / 1000;
    }
    const told = rc === 0 && seconds > 0 && seconds <= LONGEST;
    for (let i = 0; i < this.#slots.length; i++) {
      const sent = count(this.#second.value[i] as number) - count(this.#first.value[i] as number);
      const bytes = sent < 0 ? sent + WRAP : sent;
      values[this.#slots[i] as number] = told ? bytes / seconds : Number.NaN;
    }
    return isGone(rc) ? rc : 0;
  }
}
