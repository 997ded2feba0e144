/** What does not change by the scrape, or is too dear to ask at each: build, descriptors, heap, reloads. */

import { heapStats } from 'bun:jsc';
import { readdirSync, readFileSync } from 'node:fs';
import { SAMPLE, type Source } from '../board/source.ts';
import { PROCESS, SELF } from '../catalog/self.ts';
import { COMMIT, VERSION } from './version.ts';

export class Runtime {
  #openFds = Number.NaN;
  #heap = Number.NaN;
  #inFlight = 0;
  #reloadSuccess = 1;
  #reloadTime = Date.now() / 1000;

  /** Looks at what costs an allocation. A timer calls it, never a scrape. */
  refresh(pendingRequests: number): void {
    // One descriptor is that of the directory being read.
    this.#openFds = readdirSync('/proc/self/fd').length - 1;
    // heapSize is what the last collection found alive, of a small one a fraction, and stays so until the next.
    this.#heap = heapStats().heapCapacity;
    this.#inFlight = pendingRequests;
  }

  reloaded(success: boolean): void {
    this.#reloadSuccess = success ? 1 : 0;
    if (success) this.#reloadTime = Date.now() / 1000;
  }

  source(): Source {
    const slots = new Int32Array(9);
    const maxFds = limit('Max open files');
    const maxVirtual = limit('Max address space');
    const started = Math.round(performance.timeOrigin / 10) / 100;
    return {
      name: 'runtime',
      collectors: ['self'],
      discover(draft) {
        const info = {
          version: VERSION,
          revision: COMMIT,
          runtime: `bun ${Bun.version}`,
          arch: process.arch,
        };
        slots[0] = draft.slot(SELF.buildInfo, info);
        slots[1] = draft.slot(PROCESS.start);
        slots[2] = draft.slot(PROCESS.maxFds);
        slots[3] = draft.slot(PROCESS.openFds);
        slots[4] = draft.slot(SELF.heap);
        slots[5] = draft.slot(SELF.inFlight);
        slots[6] = draft.slot(SELF.reloadSuccess);
        slots[7] = draft.slot(SELF.reloadTime);
        slots[8] = draft.slot(PROCESS.virtualMax);
      },
      sample: (values) => {
        values[slots[0] as number] = 1;
        values[slots[1] as number] = started;
        values[slots[2] as number] = maxFds;
        values[slots[3] as number] = this.#openFds;
        values[slots[4] as number] = this.#heap;
        values[slots[5] as number] = this.#inFlight;
        values[slots[6] as number] = this.#reloadSuccess;
        values[slots[7] as number] = this.#reloadTime;
        values[slots[8] as number] = maxVirtual;
        return SAMPLE.ok;
      },
      close() {},
    };
  }
}

/** A soft limit of this process; NaN where there is none or it is unknown. */
function limit(name: string): number {
  const lines = readFileSync('/proc/self/limits', 'utf8').split('\n');
  const line = lines.find((l) => l.startsWith(name)) ?? '';
  return Number(/\d+/.exec(line)?.[0] ?? Number.NaN);
}
