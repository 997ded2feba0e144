/** The processes on one card, from whoever knows them: KFD those that compute, DRM those that draw. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuProcess, ProcessList } from '../process/list.ts';

/** Tells `visit` each process with its bytes, a process once; false where it cannot list them all. */
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
  readonly #sources: readonly ProcessSource[];
  readonly #takers = new Set<object>();
  readonly #counts: number[];
  #visited = 0;
  #scan = 0;
  #version = 0;

  constructor(facts: GpuFacts, sources: readonly ProcessSource[]) {
    this.kinds = sources.map(({ kind }) => kind);
    this.#counts = sources.map(() => Number.NaN);
    this.#facts = facts;
    this.#sources = sources;
  }

  get version(): number {
    return this.#version;
  }

  get partial(): boolean {
    return this.#counts.some(Number.isNaN);
  }

  count(kind: number): number {
    return this.#counts[kind] as number;
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
    for (let kind = 0; kind < this.#sources.length; kind++) {
      this.#visited = 0;
      const all = (this.#sources[kind] as ProcessSource).each(this.#visit);
      this.#counts[kind] = all ? this.#visited : Number.NaN;
    }
    this.processes.forEach(this.#sweep);
  }

  readonly #visit = (pid: number, memory: number): void => {
    this.#visited++;
    let process = this.processes.get(pid);
    if (process === undefined) {
      process = { key: pid, pid, facts: this.#facts, memory, scan: 0 };
      this.processes.set(pid, process);
      this.#version++;
    }
    // Of one that computes and draws, what each says may be a part of what the other says.
    if (process.scan !== this.#scan || memory > process.memory) process.memory = memory;
    process.scan = this.#scan;
  };

  readonly #sweep = (process: Listed, pid: number): void => {
    if (process.scan === this.#scan) return;
    this.processes.delete(pid);
    this.#version++;
  };
}
