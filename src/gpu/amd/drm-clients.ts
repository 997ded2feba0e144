/**
 * Memory of processes by their open DRM devices: the keys `drm-…` of /proc/PID/fdinfo/FD (the kernel's
 * Documentation/gpu/drm-usage-stats.rst). For kernels without KFD, since it costs a look at every open file.
 */
import { readlinkSync } from 'node:fs';
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
  return { address, id, memory: bytes(Number(amount ?? Number.NaN) * (UNITS[unit] ?? Number.NaN)) };
}

export class DrmClients {
  readonly #procfs: string;
  /** Address → pid → bytes. */
  #found = new Map<string, Map<number, number>>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(procfs: string) {
    this.#procfs = procfs;
  }

  of(address: string): ProcessSource {
    return {
      kind: 'graphics',
      each: (visit) => {
        this.#look();
        for (const [pid, memory] of this.#found.get(address) ?? []) visit(pid, memory);
        return true;
      },
    };
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < FRESH) return;
    this.#lookedAt = now;
    this.#found = new Map();
    const seen = new Set<string>();
    for (const name of list(this.#procfs)) {
      if (/^\d+$/.test(name)) this.#add(Number(name), seen);
    }
  }

  #add(pid: number, seen: Set<string>): void {
    const process = `${this.#procfs}/${pid}`;
    for (const fd of list(`${process}/fd`)) {
      if (!isDevice(`${process}/fd/${fd}`)) continue;
      const client = parseFdinfo(readText(`${process}/fdinfo/${fd}`) ?? '');
      if (client === undefined || seen.has(`${client.address} ${client.id}`)) continue;
      seen.add(`${client.address} ${client.id}`);
      const processes = this.#found.get(client.address) ?? new Map<number, number>();
      processes.set(pid, (processes.get(pid) ?? 0) + client.memory);
      this.#found.set(client.address, processes);
    }
  }
}

function isDevice(path: string): boolean {
  try {
    return DEVICE.test(readlinkSync(path));
  } catch {
    return false;
  }
}
