/** All processes that hold a context on one GPU or on its MIG devices, listed once for all who ask. */
import { ProcessList as NvmlProcessList } from '../../../ffi/nvml.ts';
import type { ProcessMode } from '../../../ffi/nvml-processes.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuProcess, ProcessList } from '../process/list.ts';
import type { Gpu } from './group.ts';
import { MigDevices } from './mig-devices.ts';
import { bytes, isGone } from './policy.ts';

interface Listed extends GpuProcess {
  /** Scan in which it was seen last. */
  scan: number;
}

const MODES = ['compute', 'graphics', 'mps'] as const satisfies readonly ProcessMode[];

/** Whose processes: the GPU's, or those of a MIG device. */
interface Place {
  readonly handle: number;
  /** Sets its keys apart from those of other places. */
  readonly base: number;
  readonly facts: GpuFacts;
}

/** No kernel gives out a pid above: PID_MAX_LIMIT. What is not below is no process. */
const LAST_PID = 2 ** 22;
const PLACE = 2 ** 32;
const INSTANCES = 256;

const scans = new WeakMap<Gpu, ProcessScan>();

/** The scan of a GPU, the same for all its readers. */
export function scanOf(gpu: Gpu): ProcessScan {
  const scan = scans.get(gpu) ?? new ProcessScan(gpu);
  scans.set(gpu, scan);
  return scan;
}

/** What the driver answered last: of all GPUs in turn. */
const list = new NvmlProcessList();

export class ProcessScan implements ProcessList {
  readonly kinds = MODES;
  readonly processes = new Map<number, Listed>();
  readonly #gpu: Gpu;
  readonly #migs: MigDevices | undefined;
  readonly #takers = new Set<object>();
  readonly #counts = new Float64Array(MODES.length);
  #places: readonly Place[];
  #scan = 0;
  #version = 0;
  #rc = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#migs = gpu.facts.shared === 'yes' ? new MigDevices(gpu) : undefined;
    this.#places = this.#migs === undefined ? [{ ...gpu, base: 0 }] : [];
  }

  /** Rises whenever a process comes or goes. */
  get version(): number {
    return this.#version;
  }

  /** Processes of MODES[mode]; NaN where the driver does not list them. */
  count(mode: number): number {
    return this.#counts[mode] as number;
  }

  /** Looks what MIG devices there are. */
  rediscover(): void {
    if (this.#migs === undefined || !this.#migs.refresh()) return;
    this.#places = this.#migs.list.map((mig) => ({
      handle: mig.handle,
      base: PLACE * (1 + mig.gpuInstance * INSTANCES + mig.computeInstance),
      facts: mig.facts,
    }));
  }

  /**
   * Brings what `taker` has not seen yet: lists again, unless another has made it list since. Answers 0 or
   * a code that says that the GPU is gone.
   */
  take(taker: object): number {
    if (this.#scan === 0 || this.#takers.has(taker)) {
      this.#takers.clear();
      this.#rc = this.#read();
    }
    this.#takers.add(taker);
    return this.#rc;
  }

  #read(): number {
    this.#scan++;
    this.#counts.fill(Number.NaN);
    for (const place of this.#places) {
      for (let mode = 0; mode < MODES.length; mode++) {
        const kind = MODES[mode] as ProcessMode;
        const rc = this.#gpu.nvml.processes.list(kind, place.handle, list);
        if (isGone(rc)) return rc;
        if (rc === 0) this.#add(place, mode);
      }
    }
    this.processes.forEach(this.#sweep);
    return 0;
  }

  /** Forgets a process that this scan has not seen. Made once: there is a scan every second. */
  readonly #sweep = (process: Listed, key: number): void => {
    if (process.scan === this.#scan) return;
    this.processes.delete(key);
    this.#version++;
  };

  #add({ base, facts }: Place, mode: number): void {
    let found = this.#counts[mode] || 0;
    for (let i = 0; i < list.length; i++) {
      const pid = list.pid[i] as number;
      if (pid === 0 || pid > LAST_PID) continue;
      found++;
      const memory = bytes(list.memory[i] as number);
      const key = base + pid;
      let process = this.processes.get(key);
      if (process === undefined || process.facts !== facts) {
        process = { key, pid, facts, memory: Number.NaN, scan: 0 };
        this.processes.set(key, process);
        this.#version++;
      }
      // One that computes and draws is in both lists, with the same memory.
      if (process.scan !== this.#scan || !(process.memory >= memory || Number.isNaN(memory))) {
        process.memory = memory;
      }
      process.scan = this.#scan;
    }
    this.#counts[mode] = found;
  }
}
