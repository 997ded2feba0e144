/** The processes on one card, from whoever knows them: KFD those that compute, DRM's clients otherwise. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuProcess, ProcessList } from '../process/list.ts';

/** Tells `visit` each process with its bytes, a process once; false where it cannot list them. */
export interface ProcessSource {
  readonly kind: 'compute' | 'graphics';
  each(visit: (pid: number, memory: number) => void): boolean;
}

interface Listed extends GpuProcess {
  scan: number;
}

export class CardProcesses implements ProcessList {
  readonly processes = new Map<number, Listed>();
  readonly kinds: readonly string[];
  readonly #facts: GpuFacts;
  readonly #source: ProcessSource;
  readonly #takers = new Set<object>();
  #count = Number.NaN;
  #scan = 0;
  #version = 0;

  constructor(facts: GpuFacts, source: ProcessSource) {
    this.kinds = [source.kind];
    this.#facts = facts;
    this.#source = source;
  }

  get version(): number {
    return this.#version;
  }

  count(): number {
    return this.#count;
  }

  rediscover(): void {}

  take(taker: object): number {
    if (this.#scan === 0 || this.#takers.has(taker)) {
      this.#takers.clear();
      this.#read();
    }
    this.#takers.add(taker);
    return 0;
  }

  #read(): void {
    this.#scan++;
    const known = this.#source.each(this.#visit);
    this.processes.forEach(this.#sweep);
    this.#count = known ? this.processes.size : Number.NaN;
  }

  readonly #visit = (pid: number, memory: number): void => {
    let process = this.processes.get(pid);
    if (process === undefined) {
      process = { key: pid, pid, facts: this.#facts, memory, scan: 0 };
      this.processes.set(pid, process);
      this.#version++;
    }
    process.memory = memory;
    process.scan = this.#scan;
  };

  readonly #sweep = (process: Listed, pid: number): void => {
    if (process.scan === this.#scan) return;
    this.processes.delete(pid);
    this.#version++;
  };
}
