/** rsmi_gpu_metrics_t as the library filled it in: numbers by name, NaN what it does not tell. */
import { type Region, region, uint64 } from './arena.ts';
import { METRICS } from './rocm-smi-structs.ts';

export type MetricU16 = keyof typeof METRICS.u16;
export type MetricU32 = keyof typeof METRICS.u32;
export type MetricU64 = keyof typeof METRICS.u64;
export type MetricArray = keyof typeof METRICS.array;

/** Where 64-bit all-ones lie once they are a double. */
const ONES_64 = 2 ** 64;

/** More than any release writes: ROCm 7 has 4544 bytes. */
const ROOM = 8192;

/** Memory for one struct, made once and kept; nothing is known before it was filled. */
export class GpuMetrics {
  readonly #region: Region = region(ROOM);

  constructor() {
    this.clear();
  }

  /** Address of the struct. */
  get pointer(): number {
    return this.#region.pointer;
  }

  /** All bits one: nothing is known. To be called before the library fills it. */
  clear(): void {
    this.#region.bytes.fill(0xff);
  }

  u16(name: MetricU16): number {
    return this.#at(METRICS.u16[name], 2);
  }

  u32(name: MetricU32): number {
    return this.#at(METRICS.u32[name], 4);
  }

  u64(name: MetricU64): number {
    return this.#at(METRICS.u64[name], 8);
  }

  /** The one at `i`. */
  item(name: MetricArray, i: number): number {
    const [offset, width, count] = METRICS.array[name];
    return i < count ? this.#at(offset + i * width, width) : Number.NaN;
  }

  /** How many there is room for. */
  count(name: MetricArray): number {
    return METRICS.array[name][2];
  }

  /** Whether the bit is set, 0 or 1, of a mask of 64; NaN where there is no mask. */
  bit(name: MetricU64, bit: number): number {
    const offset = METRICS.u64[name];
    const { view } = this.#region;
    if (Number.isNaN(this.#at(offset, 8))) return Number.NaN;
    return (view.getUint32(offset + (bit < 32 ? 0 : 4), true) >>> (bit % 32)) & 1;
  }

  #at(offset: number, width: 2 | 4 | 8): number {
    const { view } = this.#region;
    if (width === 8) {
      const value = uint64(view, offset);
      return value === ONES_64 ? Number.NaN : value;
    }
    const value = width === 4 ? view.getUint32(offset, true) : view.getUint16(offset, true);
    return value === 2 ** (8 * width) - 1 ? Number.NaN : value;
  }
}
