/** The GPUs of a machine: those that answer, and those that did. */
import { errorString, type Nvml } from '../../../ffi/nvml.ts';
import type { Guard } from '../../board/guard.ts';
import { GPU_INFO } from '../../catalog/gpu/info.ts';
import { Inventory, type KnownGpu } from '../inventory.ts';
import type { GpuLog } from '../reading.ts';
import { Device } from './device.ts';
import { enumerate, type Found } from './enumerate.ts';
import { type Group, RESHAPE, type Slots } from './group.ts';
import { openGuarded } from './hung.ts';
import { describe, driverLabels, inMigMode } from './info.ts';
import { isDriverGone, isGone } from './policy.ts';
import { Revival } from './revival.ts';
import { Session, type SessionOptions } from './session.ts';

export interface FleetOptions extends SessionOptions {
  /** What is asked of each GPU. */
  readonly groups: readonly Group[];
  /** Milliseconds between two polls while somebody scrapes: what a group's `every` counts in. */
  readonly interval: number;
  /** Facts of every series that are not the GPU's: the name of the host. */
  readonly host: Readonly<Record<string, string>>;
  /** GPUs that former probes found. */
  readonly known?: readonly KnownGpu[] | undefined;
  readonly log?: GpuLog | undefined;
  /**
   * Called when much was allocated to find a GPU, and before the next: what is kept of the one then lies where
   * the garbage of the other was.
   */
  readonly collect?: () => void;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #guard: Guard;
  readonly #session: Session;
  readonly #inventory: Inventory;
  readonly #revival = new Revival();
  #nvml: Nvml | undefined;
  /** GPUs that the driver counts. */
  #count = 0;
  /** Those that answer, by UUID. */
  readonly #devices = new Map<string, Device>();
  /** Handles of those that did. */
  readonly #lost = new Map<string, number>();
  #driverSlot = 0;

  constructor(options: FleetOptions, guard: Guard) {
    this.#options = options;
    this.#guard = guard;
    this.#session = new Session(options);
    this.#inventory = new Inventory('nvidia', options.known, options.log);
  }

  /** Finds out which GPUs there are. Throws as Session.open does, and where the driver does not count them. */
  find(now: number): void {
    const lacking = this.#inventory.lacks(this.#devices);
    const outdated = this.#session.outdated;
    if (outdated || this.#revival.mayReset(now, lacking, this.#devices.size)) this.reset();
    const found = this.#enumerate() ?? this.#enumerateAnew();
    this.#count = found.length;
    const uuids = new Set(found.map((f) => f.uuid));
    for (const [uuid, device] of this.#devices) if (!uuids.has(uuid)) this.#drop(uuid, device);
    for (const uuid of this.#lost.keys()) if (!uuids.has(uuid)) this.#lost.delete(uuid);
    for (const each of found) {
      if (each.uuid !== undefined) this.#take(each, each.uuid, now);
      else if (each.gone) this.#inventory.noteNameless(each.index, uuids);
    }
    if (!this.#inventory.empty) return;
    // Others that this process may not see are no matter while it sees one: it may be in a container.
    const [kept] = found;
    if (kept !== undefined) throw new Error(`no GPU may be opened: ${errorString(kept.rc)}`);
    if (this.#options.required) throw new Error('the driver has no GPU');
  }

  /** Whether the GPUs are others than when they were found. */
  changed(now: number): boolean {
    const nvml = this.#nvml;
    if (nvml === undefined) return false;
    if (nvml.deviceCount() !== this.#count) return true;
    for (const [uuid, handle] of this.#lost) {
      if (this.#answers(nvml, uuid, handle, now)) return true;
    }
    return false;
  }

  declare(slots: Slots): void {
    if (this.#nvml !== undefined) {
      this.#driverSlot = slots.slot(GPU_INFO.driver, driverLabels(this.#nvml));
    }
    this.#inventory.declare(slots);
    for (const [uuid, device] of this.#devices) {
      if (this.#guard.enter(uuid)) {
        const first = !device.declared;
        device.declare(slots);
        this.#guard.leave();
        if (first) this.#options.collect?.();
      } else {
        this.#drop(uuid, device);
      }
    }
  }

  /** Samples every GPU. Answers 0, RESHAPE, or the code that says that the driver is gone. */
  sample(values: Float64Array, now: number): number {
    let answer = 0;
    for (const [uuid, device] of this.#devices) {
      const rc = this.#sampleDevice(uuid, device, values, now);
      if (isDriverGone(rc)) return rc;
      if (rc === RESHAPE) answer = RESHAPE;
    }
    if (this.#nvml !== undefined) values[this.#driverSlot] = 1;
    this.#inventory.write(values, this.#devices);
    return answer;
  }

  /** Gives NVML back; every handle is void then. The next `find` begins anew. */
  reset(): void {
    for (const [uuid, device] of this.#devices) this.#drop(uuid, device);
    this.#lost.clear();
    this.#session.reset();
    this.#nvml = undefined;
  }

  /** As Device.sample; a GPU that is gone has become one of the lost. */
  #sampleDevice(uuid: string, device: Device, values: Float64Array, now: number): number {
    let rc: number | undefined;
    if (this.#guard.enter(uuid)) {
      rc = device.sample(values, now);
      this.#guard.leave();
    }
    if (rc !== undefined && (!isGone(rc) || isDriverGone(rc))) return rc;
    device.blank(values);
    this.#drop(uuid, device);
    this.#lost.set(uuid, device.gpu.handle);
    this.#revival.lost(uuid, now);
    return 0;
  }

  /** Undefined where NVML has to be initialised again. */
  #enumerate(): Found[] | undefined {
    this.#nvml = openGuarded(this.#session, this.#guard);
    return this.#nvml === undefined ? [] : enumerate(this.#nvml, this.#guard);
  }

  #enumerateAnew(): Found[] {
    this.reset();
    const found = this.#enumerate();
    if (found !== undefined) return found;
    const reason = errorString(this.#nvml?.rc ?? 0);
    this.reset();
    throw new Error(`NVML does not count its GPUs: ${reason}`);
  }

  /** Makes a GPU that was found one that is read, unless it is already, or may not be. */
  #take({ handle, index }: Found, uuid: string, now: number): void {
    const nvml = this.#nvml as Nvml;
    if (this.#lost.has(uuid) && !this.#answers(nvml, uuid, handle, now)) return;
    const device = this.#devices.get(uuid);
    if (!this.#guard.enter(uuid)) {
      this.#inventory.note(uuid, index);
      if (device !== undefined) this.#drop(uuid, device);
      return;
    }
    if (device === undefined || !isSame(device, handle, index)) {
      device?.close();
      const gpu = describe(nvml, handle, index, uuid, this.#options.host);
      this.#inventory.note(uuid, index, gpu.facts.name);
      this.#devices.set(uuid, new Device(gpu, this.#options.groups, this.#options.interval));
      this.#lost.delete(uuid);
      this.#options.collect?.();
    }
    this.#guard.leave();
  }

  /** Whether a lost GPU answers again; false without asking where it was asked not long ago. */
  #answers(nvml: Nvml, uuid: string, handle: number, now: number): boolean {
    if (!this.#revival.mayAsk(uuid, now) || !this.#guard.enter(uuid)) return false;
    nvml.u32('performanceState', handle);
    let gone = isGone(nvml.rc);
    if (!gone) {
      nvml.readings.temperature(handle);
      gone = isGone(nvml.rc);
    }
    this.#guard.leave();
    if (gone) this.#revival.silent(uuid, now);
    return !gone;
  }

  #drop(uuid: string, device: Device): void {
    device.close();
    this.#devices.delete(uuid);
  }
}

function isSame({ gpu }: Device, handle: number, index: number): boolean {
  return (
    gpu.handle === handle &&
    gpu.index === index &&
    (gpu.facts.shared === 'yes') === inMigMode(gpu.nvml, handle)
  );
}
