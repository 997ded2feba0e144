/**
 * Processes that compute on AMD GPUs, as amdkfd lists them: class/kfd/kfd/proc/PID/vram_GPUID in bytes and
 * stats_GPUID/cu_occupancy in compute units (Documentation/ABI/testing/sysfs-devices… has no word on them).
 */
import { existsSync } from 'node:fs';
import { GPU_PROCESS } from '../../catalog/gpu/process.ts';
import type { ProcessActivity } from '../process/list.ts';
import { list, readText } from './attribute.ts';
import { bytes, count } from './policy.ts';
import type { ProcessSource } from './process-list.ts';

const folder = (sysfs: string): string => `${sysfs}/class/kfd/kfd/proc`;

export const hasKfd = (sysfs: string): boolean => existsSync(folder(sysfs));

export class KfdProcesses {
  readonly #folder: string;

  constructor(sysfs: string) {
    this.#folder = folder(sysfs);
  }

  /** Whether it has opened KFD. */
  has(pid: number): boolean {
    return existsSync(`${this.#folder}/${pid}`);
  }

  /** Those with memory on any of these ids: a process that opened KFD is listed for every GPU there is. */
  of(ids: readonly string[]): ProcessSource {
    return {
      kind: 'compute',
      each: (visit) => {
        if (!existsSync(this.#folder)) return false;
        for (const name of list(this.#folder)) {
          const pid = Number(name);
          if (!Number.isSafeInteger(pid)) continue;
          const memory = this.#sum(pid, ids, (id) => `vram_${id}`, bytes);
          if (memory > 0) visit(pid, memory);
        }
        return true;
      },
    };
  }

  /** Compute units that a process occupies on these ids. */
  activity(ids: readonly string[]): ProcessActivity {
    return {
      columns: [{ signal: GPU_PROCESS.computeUnits, parts: 1 }],
      known: true,
      take: () => 0,
      of: (pid) =>
        this.has(pid) ? this.#sum(pid, ids, (id) => `stats_${id}/cu_occupancy`, count) : Number.NaN,
    };
  }

  /** NaN where no file is there. */
  #sum(
    pid: number,
    ids: readonly string[],
    file: (id: string) => string,
    judge: (x: number) => number,
  ): number {
    let total = Number.NaN;
    for (const id of ids) {
      const text = readText(`${this.#folder}/${pid}/${file(id)}`);
      const value = text === undefined ? Number.NaN : judge(Number(text));
      if (!Number.isNaN(value)) total = (Number.isNaN(total) ? 0 : total) + value;
    }
    return total;
  }
}
