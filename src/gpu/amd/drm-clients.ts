/**
 * Memory of processes by their open DRM devices: the keys `drm-…` of /proc/PID/fdinfo/FD (the kernel's
 * Documentation/gpu/drm-usage-stats.rst). For cards that draw, and such as KFD does not have: it costs a look at
 * every open file, and the right to see those of others.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { list, readText } from './attribute.ts';
import { bytes } from './policy.ts';
import type { ProcessSource } from './process-list.ts';

/** Milliseconds for which one look at all processes serves. */
const FRESH = 5000;

const DEVICE = /\/dri\/(?:card|renderD)\d+$/;
const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 2 ** 20, GiB: 2 ** 30 };

/** One open device; several descriptors may be of the same client. */
export interface DrmClient {
  readonly address: string;
  readonly id: string;
  /** Bytes of VRAM; NaN where the driver does not say. */
  readonly memory: number;
  /** It gave work to an engine of its own accord: what computes by KFD opens the device and does not. */
  readonly worked: boolean;
}

/** What a process has of one card. */
interface Use {
  memory: number;
  worked: boolean;
}

/** Undefined for a file that is no client of amdgpu. */
export function parseFdinfo(text: string): DrmClient | undefined {
  const key = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s*(.+?)\\s*$`, 'm').exec(text)?.[1];
  const address = key('drm-pdev');
  const id = key('drm-client-id');
  if (key('drm-driver') !== 'amdgpu' || address === undefined || id === undefined) return undefined;
  const vram = key('drm-memory-vram') ?? key('drm-resident-vram');
  const [, amount, unit = ''] = /^(\d+)\s*([KMG]iB)?$/.exec(vram ?? '') ?? [];
  const memory = bytes(Number(amount ?? Number.NaN) * (UNITS[unit] ?? Number.NaN));
  return { address, id, memory, worked: /^drm-engine-(?!capacity-)[\w-]+:\s*[1-9]/m.test(text) };
}

export class DrmClients {
  readonly #procfs: string;
  readonly #partial: boolean;
  /** By address and pid. */
  #found = new Map<string, Map<number, Use>>();
  /** Whether a process did not show what it has open. */
  #hidden = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `partial`: /proc does not have all processes of the machine. */
  constructor(procfs: string, partial: boolean) {
    this.#procfs = procfs;
    this.#partial = partial;
  }

  /** `computes`: those who open the device of every card, whatever they do with it. */
  of(address: string, computes: (pid: number) => boolean): ProcessSource {
    return {
      kind: 'graphics',
      each: (visit) => {
        this.#look();
        for (const [pid, { memory, worked }] of this.#found.get(address) ?? []) {
          if (worked || !computes(pid)) visit(pid, memory);
        }
        return !this.#partial && !this.#hidden;
      },
    };
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < FRESH) return;
    this.#lookedAt = now;
    this.#found = new Map();
    this.#hidden = false;
    const seen = new Set<string>();
    for (const name of list(this.#procfs)) {
      if (/^\d+$/.test(name)) this.#add(Number(name), seen);
    }
  }

  #add(pid: number, seen: Set<string>): void {
    const process = `${this.#procfs}/${pid}`;
    const open = this.#unlessHidden(() => readdirSync(`${process}/fd`)) ?? [];
    for (const fd of open) {
      const file = this.#unlessHidden(() => readlinkSync(`${process}/fd/${fd}`));
      if (file === undefined || !DEVICE.test(file)) continue;
      const client = parseFdinfo(readText(`${process}/fdinfo/${fd}`) ?? '');
      if (client === undefined || seen.has(`${client.address} ${client.id}`)) continue;
      seen.add(`${client.address} ${client.id}`);
      const processes = this.#found.get(client.address) ?? new Map<number, Use>();
      const { memory, worked } = processes.get(pid) ?? { memory: 0, worked: false };
      processes.set(pid, { memory: memory + client.memory, worked: worked || client.worked });
      this.#found.set(client.address, processes);
    }
  }

  /** Undefined for what may not be read, which is noted, and for a process that has just ended. */
  #unlessHidden<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.#hidden ||= code === 'EACCES' || code === 'EPERM';
      return undefined;
    }
  }
}
