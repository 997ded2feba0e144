/** Which GPUs of a vendor there are, and which there were: what outlives the loss of a GPU. */
import { GPU_INFO } from '../catalog/gpu/info.ts';
import type { GpuLog, Slots } from './reading.ts';

interface Seen {
  /** `device`, `uuid`, `name`, as far as they were ever known. */
  readonly labels: Readonly<Record<string, string>>;
  slot: number;
  lost: boolean;
}

/** A GPU that was there when an earlier probe looked. */
export interface KnownGpu {
  readonly uuid: string;
  readonly index: number;
  /** Empty where it was never known. */
  readonly name: string;
  /** On the PCI bus; empty where it was never told. */
  readonly address: string;
}

/** gpu_devices and gpu_lost: what was there once stays in them. */
export class Inventory {
  readonly #vendor: string;
  readonly #seen = new Map<string, Seen>();
  readonly #log: GpuLog | undefined;
  #devices = 0;

  /** `known`: what former probes found. `log` is told of a GPU that is lost, and of one that is back. */
  constructor(vendor: string, known: readonly KnownGpu[] = [], log?: GpuLog) {
    this.#vendor = vendor;
    this.#log = log;
    for (const { uuid, index, name } of known) this.note(uuid, index, name);
  }

  get empty(): boolean {
    return this.#seen.size === 0;
  }

  /** A GPU that answered with its UUID at least. */
  note(uuid: string, index: number, name = this.#seen.get(uuid)?.labels['name'] ?? ''): void {
    this.#seen.delete(nameless(index));
    const { lost = false } = this.#seen.get(uuid) ?? {};
    const labels = { device: String(index), uuid, ...(name === '' ? {} : { name }) };
    this.#seen.set(uuid, { labels, slot: 0, lost });
  }

  /** A GPU that the driver counts and of which it says nothing; `found` are those of which it does. */
  noteNameless(index: number, found: ReadonlySet<string | undefined>): void {
    const device = String(index);
    for (const [uuid, { labels }] of this.#seen) {
      // That is who it was.
      if (labels['device'] === device && !found.has(uuid)) return;
    }
    const { lost = false } = this.#seen.get(nameless(index)) ?? {};
    this.#seen.set(nameless(index), { labels: { device }, slot: 0, lost });
  }

  declare(slots: Slots): void {
    this.#devices = slots.slot(GPU_INFO.devices, { vendor: this.#vendor });
    for (const seen of this.#seen.values()) seen.slot = slots.slot(GPU_INFO.lost, seen.labels);
  }

  /** `alive`: by UUID, those that answer. */
  write(values: Float64Array, alive: ReadonlyMap<string, unknown>): void {
    values[this.#devices] = alive.size;
    for (const [uuid, seen] of this.#seen) {
      const lost = !alive.has(uuid);
      values[seen.slot] = lost ? 1 : 0;
      if (lost === seen.lost) continue;
      seen.lost = lost;
      if (lost) this.#log?.('warn', 'GPU lost', seen.labels);
      else this.#log?.('info', 'GPU answers again', seen.labels);
    }
  }

  /** Whether a GPU that was there does not answer. */
  lacks(alive: ReadonlyMap<string, unknown>): boolean {
    for (const uuid of this.#seen.keys()) if (!alive.has(uuid)) return true;
    return false;
  }
}

/** Key of a GPU whose UUID was never known. */
const nameless = (index: number): string => `index ${index}`;
