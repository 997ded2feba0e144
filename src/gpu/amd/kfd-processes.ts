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

/** A process has the folder, and with newer kernels below it one for each context more than its first. */
const contextsOf = (folder: string): readonly string[] => [
  folder,
  ...list(folder)
    .filter((name) => name.startsWith('context_'))
    .map((name) => `${folder}/${name}`),
];

export class KfdProcesses {
  readonly #folder: string;
  /** As of the last list. */
  #contexts: ReadonlyMap<number, readonly string[]> = new Map();

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
        const contexts = new Map<number, readonly string[]>();
        this.#contexts = contexts;
        for (const name of list(this.#folder)) {
          const pid = Number(name);
          if (!Number.isSafeInteger(pid)) continue;
          contexts.set(pid, contextsOf(`${this.#folder}/${name}`));
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
      of: (pid) => this.#sum(pid, ids, (id) => `stats_${id}/cu_occupancy`, count),
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
    for (const context of this.#contexts.get(pid) ?? []) {
      for (const id of ids) {
        const text = readText(`${context}/${file(id)}`);
        const value = text === undefined ? Number.NaN : judge(Number(text));
        if (!Number.isNaN(value)) total = (Number.isNaN(total) ? 0 : total) + value;
      }
    }
    return total;
  }
}
