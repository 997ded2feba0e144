/**
 * AMD GPUs through librocm_smi64. It reads the files that sysfs-backend.ts reads too, and knows what differs
 * from chip to chip; where it is silent, the files have the word. It aborts, crashes and loops where they are not
 * as it expects: what is done about that is the guard's affair and the supervisor's.
 */
import {
  GpuMetrics,
  openRocmSmi,
  type RocmSmi,
  STATUS,
  statusText,
} from '../../../ffi/rocm-smi.ts';
import type { Backend, Card, Reader } from './backend.ts';
import { RocmCard } from './rocm-card.ts';
import { ROCM_GROUPS } from './rocm-groups.ts';

export interface RocmBackendOptions {
  /** Path of librocm_smi64.so; empty: where ROCm and distributions put it. */
  readonly library: string;
}

export function rocmBackend(options: RocmBackendOptions): Backend {
  return new RocmBackend(options);
}

class RocmBackend implements Backend {
  readonly name = 'rocm_smi';
  version: string | undefined;
  readonly #options: RocmBackendOptions;
  #smi: RocmSmi | undefined;
  #initialised = false;
  /** Indexes of its devices by their PCI address. */
  readonly #devices = new Map<string, number>();
  /** By index: memory that the library fills is never given back. */
  readonly #metrics: GpuMetrics[] = [];

  constructor(options: RocmBackendOptions) {
    this.#options = options;
  }

  open(): void {
    this.close();
    const smi = this.#load();
    const rc = smi.init();
    if (rc !== STATUS.success) {
      throw new Error(`librocm_smi64 cannot be initialised: ${statusText(rc)}`);
    }
    this.#initialised = true;
    const { major, minor, patch } = smi.version() ?? {};
    if (major !== undefined) this.version = `${major}.${minor}.${patch}`;
    const count = smi.deviceCount();
    for (let index = 0; index < count; index++) {
      const address = addressOf(smi.number('pciId', index));
      if (address !== undefined && !this.#devices.has(address)) this.#devices.set(address, index);
    }
  }

  attach(card: Card): Reader | undefined {
    const index = this.#devices.get(card.address);
    if (this.#smi === undefined || index === undefined) return undefined;
    const memory = this.#metrics[index] ?? new GpuMetrics();
    this.#metrics[index] = memory;
    const device = new RocmCard(this.#smi, index, card, memory);
    return {
      begin() {
        device.begin();
      },
      read(group, out) {
        for (const read of ROCM_GROUPS[group]) read(device, out);
      },
    };
  }

  close(): void {
    if (this.#initialised) this.#smi?.shutDown();
    this.#initialised = false;
    this.#devices.clear();
  }

  #load(): RocmSmi {
    if (this.#smi !== undefined) return this.#smi;
    const { library } = this.#options;
    const opened = openRocmSmi(library === '' ? undefined : library);
    if ('error' in opened) throw new Error(`librocm_smi64 cannot be loaded: ${opened.error}`);
    this.#smi = opened;
    return opened;
  }
}

/** `0000:05:00.0` of a device's id; undefined for a partition other than the first: it has no sensors of its own. */
export function addressOf(id: number): string | undefined {
  if (!(id >= 0 && id < 2 ** 64)) return undefined;
  const hex = (x: number, digits: number): string => x.toString(16).padStart(digits, '0');
  const place = id % 2 ** 32;
  if (place >= 2 ** 28) return undefined;
  const domain = Math.floor(id / 2 ** 32);
  return `${hex(domain, 4)}:${hex((place >> 8) & 0xff, 2)}:${hex((place >> 3) & 31, 2)}.${place & 7}`;
}
