/**
 * What the driver tells of its own accord: XID errors. Waiting for them blocks, so this source has a
 * process for itself, in which a sample is a wait.
 */
import { errorString, type GpuEvent, type Nvml, RETURN } from '../../../ffi/nvml.ts';
import { type Guard, UNGUARDED } from '../../board/guard.ts';
import { NoData, SAMPLE, type Source } from '../../board/source.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuLog } from '../reading.ts';
import { enumerate } from './enumerate.ts';
import type { Slots } from './group.ts';
import { AT, hungAt, openGuarded } from './hung.ts';
import { describe } from './info.ts';
import { isDriverGone } from './policy.ts';
import { Session, type SessionOptions } from './session.ts';
import { XidCounts, type XidError } from './xid.ts';

export interface NvidiaEventsOptions extends SessionOptions {
  /** Facts of every series that are not the GPU's: the name of the host. */
  readonly host: Readonly<Record<string, string>>;
  /** Longest wait of a sample, milliseconds: less than the time between two polls. */
  readonly wait: number;
  /** What former probes counted. */
  readonly before?: readonly XidError[] | undefined;
  readonly log?: GpuLog | undefined;
}

/** nvmlEventTypeXidCriticalError */
const XID = 0x8;
/** Events of one sample: a driver that has ever another one must not keep it from being shown. */
const MOST = 1000;
/** Seconds since the last XID error of this number, within which another is counted and not logged. */
const QUIET = 60;

export function nvidiaEvents(options: NvidiaEventsOptions, guard: Guard = UNGUARDED): Source {
  const listener = new Listener(options, guard);
  /** What is new has just been declared: to be shown before the next wait. */
  let declared = false;
  return {
    name: 'nvidia-events',
    // None of its own: the source `nvidia` answers for the collector `gpu`.
    collectors: [],
    discover(draft) {
      try {
        listener.find();
      } catch (error) {
        // What was heard of a GPU is told when it is gone, and the driver has no other.
        if (!(error instanceof NoData && listener.heard)) throw error;
      }
      listener.declare(draft);
      declared = true;
    },
    sample(values) {
      const first = declared;
      declared = false;
      if (!listener.undeclared) listener.listen(first ? 0 : options.wait);
      if ((listener.undeclared || listener.deaf) && !first) return SAMPLE.rescan;
      listener.write(values);
      return SAMPLE.ok;
    },
    close() {
      listener.reset();
    },
  };
}

class Listener {
  readonly #options: NvidiaEventsOptions;
  readonly #guard: Guard;
  readonly #session: Session;
  /** By UUID, of every GPU that was ever there. */
  readonly #counts = new Map<string, XidCounts>();
  #nvml: Nvml | undefined;
  #set = 0;
  /** UUIDs of the GPUs in the set, by their handles. */
  #registered = new Map<number, string>();
  /** GPUs that there were when the set was made. */
  #made = '';
  /** Whether an error came that has no series yet. */
  #undeclared = false;
  /** What the last wait answered. */
  #answer: number = RETURN.success;
  #deaf = false;

  constructor(options: NvidiaEventsOptions, guard: Guard) {
    this.#options = options;
    this.#guard = guard;
    this.#session = new Session(options);
    for (const error of options.before ?? []) this.#countsOf(error.facts).resume(error);
  }

  /** Whether there was ever an error. */
  get heard(): boolean {
    return [...this.#counts.values()].some((counts) => counts.some);
  }

  /** Whether a GPU was lost just now: no event of another is heard before there is a set without it. */
  get deaf(): boolean {
    return this.#deaf;
  }

  get undeclared(): boolean {
    return this.#undeclared;
  }

  /** Registers at the GPUs that there are; what is in the set stays in it while they are the same. */
  find(): void {
    if (this.#session.outdated) this.reset();
    const nvml = openGuarded(this.#session, this.#guard);
    const found = nvml === undefined ? [] : enumerate(nvml, this.#guard);
    if (nvml === undefined || found === undefined || found.length === 0) {
      const rc = nvml?.rc ?? RETURN.success;
      this.reset();
      throw new NoData(rc === RETURN.success ? 'the driver has no GPU' : errorString(rc));
    }
    this.#nvml = nvml;
    const made = JSON.stringify(found);
    const anew = made !== this.#made;
    if (anew) {
      this.#free(nvml);
      this.#made = made;
      this.#set = nvml.events.create();
    }
    const registered = new Set(this.#registered.keys());
    for (const { handle, index, uuid } of found) {
      if (uuid === undefined || registered.has(handle) || !this.#guard.enter(uuid)) continue;
      if (anew) this.#describe(nvml, handle, index, uuid);
      if (this.#set !== 0 && nvml.events.register(handle, XID, this.#set) === RETURN.success) {
        this.#registered.set(handle, uuid);
      }
      this.#guard.leave();
    }
  }

  declare(slots: Slots): void {
    const listening = new Set(this.#registered.values());
    for (const [uuid, counts] of this.#counts) counts.declare(slots, listening.has(uuid));
    this.#undeclared = false;
  }

  /** Waits up to so many milliseconds for an event and takes in those that have come by then. */
  listen(wait: number): void {
    const nvml = this.#nvml;
    if (nvml === undefined || this.#registered.size === 0) return;
    if (!this.#guard.enter(AT.events)) throw hungAt(AT.events);
    for (let n = 0; n < MOST; n++) {
      const event = nvml.events.wait(this.#set, n === 0 ? wait : 0);
      if (event === undefined) break;
      this.#take(event);
    }
    this.#guard.leave();
    const lost = nvml.rc === RETURN.gpuIsLost;
    // The next discovery makes another set, without the GPU that is lost. One that lost it too has to wait.
    if (lost) this.#made = '';
    this.#deaf = lost && this.#answer !== nvml.rc;
    this.#answer = nvml.rc;
    if (isDriverGone(nvml.rc)) {
      const reason = errorString(nvml.rc);
      this.reset();
      throw new Error(reason);
    }
  }

  write(values: Float64Array): void {
    for (const counts of this.#counts.values()) counts.write(values);
  }

  reset(): void {
    if (this.#nvml !== undefined) this.#free(this.#nvml);
    this.#session.reset();
    this.#nvml = undefined;
  }

  #take({ device, type, data }: GpuEvent): void {
    const uuid = this.#registered.get(device);
    if (type !== XID || uuid === undefined) return;
    const counts = this.#counts.get(uuid);
    if (counts === undefined) return;
    const now = Date.now() / 1000;
    const { device: index, name } = counts.facts;
    const silence = now - counts.lastOf(data);
    if (!(silence < QUIET)) {
      this.#options.log?.('warn', 'XID error', { xid: String(data), device: index, uuid, name });
    }
    if (counts.count(data, now)) this.#undeclared = true;
  }

  #describe(nvml: Nvml, handle: number, index: number, uuid: string): void {
    const { facts } = describe(nvml, handle, index, uuid, this.#options.host);
    this.#countsOf(facts).facts = facts;
  }

  #countsOf(facts: GpuFacts): XidCounts {
    const counts = this.#counts.get(facts.uuid) ?? new XidCounts(facts);
    this.#counts.set(facts.uuid, counts);
    return counts;
  }

  #free(nvml: Nvml): void {
    if (this.#set !== 0) nvml.events.free(this.#set);
    this.#set = 0;
    this.#registered = new Map();
    this.#made = '';
  }
}
