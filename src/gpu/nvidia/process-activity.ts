/** What processes use of a GPU's engines, from the records that the driver keeps of its sampling periods. */
import { ProcessUtilization, RETURN } from '../../../ffi/nvml.ts';
import { GPU_PROCESS } from '../../catalog/gpu/process.ts';
import type { ProcessActivity } from '../process/list.ts';
import type { Gpu } from './group.ts';
import { count, isAhead, isGone, isUnsupported, percent } from './policy.ts';

/** The first is in per cent, as other tools have it; the others are ratios. */
const COLUMNS = [
  { signal: GPU_PROCESS.sm, parts: 1 },
  { signal: GPU_PROCESS.memoryUtilization, parts: 100 },
  { signal: GPU_PROCESS.encoder, parts: 100 },
  { signal: GPU_PROCESS.decoder, parts: 100 },
  { signal: GPU_PROCESS.jpeg, parts: 100 },
  { signal: GPU_PROCESS.ofa, parts: 100 },
] as const;
const ENGINES = COLUMNS.length;
/** Those that every driver records. */
const ALWAYS = 4;
/** Polls without a record after which a process is idle: the driver may sample more slowly than it is asked. */
const PATIENCE = 2;

interface Activity {
  /** Per cent; NaN where the driver does not say. */
  readonly busy: Float64Array;
  newest: number;
  misses: number;
}

const activities = new WeakMap<Gpu, EngineActivity>();

/** The activity on a GPU, the same for all its readers. */
export function activityOf(gpu: Gpu): EngineActivity {
  const activity = activities.get(gpu) ?? new EngineActivity(gpu);
  activities.set(gpu, activity);
  return activity;
}

/** What the driver answered last: of all GPUs in turn. */
const records = new ProcessUtilization();

export class EngineActivity implements ProcessActivity {
  readonly columns = COLUMNS;
  readonly #gpu: Gpu;
  readonly #activities = new Map<number, Activity>();
  readonly #recorded = new Uint8Array(ENGINES).fill(1, 0, ALWAYS);
  readonly #takers = new Set<object>();
  #since = 0;
  #known = false;
  #rc = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Whether the driver tells any of it: not on old GPUs, nor in MIG mode. */
  get known(): boolean {
    return this.#known;
  }

  /**
   * Brings what `taker` has not seen yet: asks again, unless another has made it ask since. Answers 0 or a
   * code that says that the GPU is gone.
   */
  take(taker: object): number {
    if (this.#takers.size === 0 || this.#takers.has(taker)) {
      this.#takers.clear();
      this.#rc = this.#poll();
    }
    this.#takers.add(taker);
    return this.#rc;
  }

  /** Asks what happened since it was asked last. */
  #poll(): number {
    if (isAhead(this.#since)) {
      this.#since = 0;
      this.#activities.clear();
    }
    const rc = this.#gpu.nvml.processes.utilization(this.#gpu.handle, this.#since, records);
    if (isGone(rc)) return rc;
    this.#known =
      rc === RETURN.success || rc === RETURN.notFound || (this.#known && !isUnsupported(rc));
    this.#activities.forEach(this.#age);
    if (rc === RETURN.success) this.#take();
    return 0;
  }

  readonly #age = (activity: Activity, pid: number): void => {
    if (++activity.misses >= PATIENCE) this.#activities.delete(pid);
  };

  /**
   * Per cent of an engine that a process used. Drivers record those alone that used anything: one without a
   * record was idle.
   */
  of(pid: number, engine: number): number {
    if (!this.#known) return Number.NaN;
    const busy = this.#activities.get(pid)?.busy[engine];
    return busy ?? (this.#recorded[engine] === 1 ? 0 : Number.NaN);
  }

  #take(): void {
    const { length, pid, timestamp, sm, memory, encoder, decoder, jpeg, ofa } = records;
    const columns = [sm, memory, encoder, decoder, jpeg, ofa];
    for (let i = 0; i < length; i++) {
      const time = count(timestamp[i] as number);
      if (time > this.#since) this.#since = time;
      const activity = this.#activity(pid[i] as number);
      if (!(time >= activity.newest)) continue;
      activity.newest = time;
      for (let engine = 0; engine < ENGINES; engine++) {
        const value = percent(columns[engine]?.[i] as number);
        activity.busy[engine] = value;
        if (!Number.isNaN(value)) this.#recorded[engine] = 1;
      }
    }
  }

  #activity(pid: number): Activity {
    let activity = this.#activities.get(pid);
    if (activity === undefined) {
      activity = { busy: new Float64Array(ENGINES).fill(Number.NaN), newest: 0, misses: 0 };
      this.#activities.set(pid, activity);
    }
    activity.misses = 0;
    return activity;
  }
}
