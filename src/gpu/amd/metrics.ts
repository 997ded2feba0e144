/** One reading of gpu_metrics: numbers by name, NaN what the chip does not tell. */
import { DESCRIBES_ITSELF, describe } from './metrics-attributes.ts';
import {
  METRICS_LAYOUTS,
  type MetricName,
  type MetricsLayout,
  PARTITIONS,
  type Place,
} from './metrics-layouts.ts';

/** The largest table is 3872 bytes; sysfs gives no more than a page. */
export const METRICS_BYTES = 4096;

/** The driver fills a table with ones before it writes what it knows. */
const ONES: Readonly<Record<number, number>> = {
  1: 2 ** 8 - 1,
  2: 2 ** 16 - 1,
  4: 2 ** 32 - 1,
};
/** Where 64-bit all-ones lie once they are a double. */
const ONES_64 = 2 ** 64 - 2048;

const endOf = ([offset, width, count = 1]: Place): number => offset + width * count;

interface Described {
  readonly size: number;
  readonly attributes: number;
  readonly layout: MetricsLayout;
}

export class Metrics {
  /** To be filled from the file. */
  readonly bytes: Buffer = Buffer.alloc(METRICS_BYTES);
  #layout: MetricsLayout | undefined;
  /** What the last table said of itself. */
  #described: Described | undefined;
  #size = 0;

  /**
   * Takes what `bytes` holds; answers why it cannot be read, undefined where it can. `length`: how many bytes
   * the file had.
   */
  take(length: number): string | undefined {
    this.#layout = undefined;
    if (length < 4) return `gpu_metrics has ${length} bytes and no header`;
    const size = this.bytes.readUInt16LE(0);
    const revision = `${this.bytes[2]}.${this.bytes[3]}`;
    if (revision === DESCRIBES_ITSELF) return this.#takeDescribed(size, length);
    const layout = METRICS_LAYOUTS[revision];
    if (layout === undefined) return `gpu_metrics ${revision} is not known`;
    if (!layout.sizes.includes(size) || length < size) {
      return `gpu_metrics ${revision} of ${length} bytes says that it has ${size}, it should have ${layout.sizes.join(' or ')}`;
    }
    this.#layout = layout;
    this.#size = size;
    return undefined;
  }

  #takeDescribed(size: number, length: number): string | undefined {
    if (length < size) return `gpu_metrics says that it has ${size} bytes, and has ${length}`;
    const attributes = this.bytes.readUInt32LE(4);
    // What is where does not change while the driver is loaded.
    if (this.#described?.size !== size || this.#described.attributes !== attributes) {
      const layout = describe(this.bytes, size);
      if (typeof layout === 'string') return layout;
      this.#described = { size, attributes, layout };
    }
    this.#layout = this.#described.layout;
    this.#size = size;
    return undefined;
  }

  /** Nothing is known. */
  clear(): void {
    this.#layout = undefined;
  }

  /** The number, or the one at `i` of several. */
  get(name: MetricName, i = 0): number {
    const place = this.#layout?.places[name];
    return place === undefined ? Number.NaN : this.#at(place, 0, i);
  }

  /** Mean of those that are there, in all partitions where each has its own. */
  mean(name: MetricName): number {
    const { places, partitions } = this.#layout ?? {};
    const place = places?.[name];
    const within = partitions?.places[name];
    this.#sum = 0;
    this.#count = 0;
    if (place !== undefined) this.#add(place, 0);
    else if (partitions !== undefined && within !== undefined) {
      // What follows them is one number of four bytes, and as many to round it up.
      const stride = (this.#size - 8 - partitions.at) / PARTITIONS;
      for (let i = 0; i < PARTITIONS && endOf(within) <= stride; i++) {
        this.#add(within, partitions.at + i * stride);
      }
    }
    return this.#sum / this.#count;
  }

  /** Whether any of some bits of the independent throttle status is set: 0 or 1, NaN where there is none. */
  throttled(bits: readonly number[]): number {
    const place = this.#layout?.places.throttled;
    if (place === undefined) return Number.NaN;
    const low = this.bytes.readUInt32LE(place[0]);
    const high = this.bytes.readUInt32LE(place[0] + 4);
    if (low === ONES[4] && high === ONES[4]) return Number.NaN;
    for (const bit of bits) {
      if ((((bit < 32 ? low : high) >>> (bit % 32)) & 1) === 1) return 1;
    }
    return 0;
  }

  #sum = 0;
  #count = 0;

  #add(place: Place, base: number): void {
    for (let i = 0; i < (place[2] ?? 1); i++) {
      const value = this.#at(place, base, i);
      if (Number.isNaN(value)) continue;
      this.#sum += value;
      this.#count++;
    }
  }

  #at(place: Place, base: number, i: number): number {
    const width = place[1];
    if (i >= (place[2] ?? 1)) return Number.NaN;
    const at = base + place[0] + i * width;
    if (width === 8) {
      const value = this.bytes.readUInt32LE(at + 4) * 2 ** 32 + this.bytes.readUInt32LE(at);
      return value >= ONES_64 ? Number.NaN : value;
    }
    const value = this.bytes.readUIntLE(at, width);
    return value === ONES[width] ? Number.NaN : value;
  }
}
