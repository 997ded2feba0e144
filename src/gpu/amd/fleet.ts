/** The AMD GPUs of a machine: those that answer, and those that did. */
import type { Guard } from '../../board/guard.ts';
import type { Paths } from '../../board/paths.ts';
import { NoData } from '../../board/source.ts';
import { GPU_INFO } from '../../catalog/gpu/info.ts';
import { Inventory, type KnownGpu } from '../inventory.ts';
import { hasOwnPids } from '../process/pid-namespace.ts';
import { type GpuLog, RESHAPE, type Slots } from '../reading.ts';
import { type Card, guardName } from './backend.ts';
import { type BackendOptions, Backends } from './backends.ts';
import { findCards } from './cards.ts';
import { AmdGpu, GONE, isSuspended, isThere, type Wanted } from './gpu.ts';
import {
  driverLabels,
  driverVersion,
  type Identity,
  identify,
  pciBusId,
  rocmVersion,
} from './identity.ts';
import { type KfdNode, type KfdTopology, kfdGeneration, kfdTopology } from './kfd.ts';
import { type ProcessOptions, ProcessReadings } from './processes.ts';

export interface FleetOptions extends BackendOptions {
  readonly paths: Paths;
  readonly groups: readonly Wanted[];
  readonly partitions: boolean;
  readonly processes: ProcessOptions;
  /** Milliseconds between two polls while somebody scrapes. */
  readonly interval: number;
  /** There must be GPUs. */
  readonly required: boolean;
  /** Facts of every series that are not the GPU's: the name of the host. */
  readonly host: Readonly<Record<string, string>>;
  /** GPUs that former probes found. */
  readonly known?: readonly KnownGpu[] | undefined;
  readonly log?: GpuLog | undefined;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #guard: Guard;
  readonly #backends: Backends;
  readonly #inventory: Inventory;
  readonly #processes: ProcessReadings;
  /** Those that answer, by UUID. */
  readonly #gpus = new Map<string, AmdGpu>();
  /** On the PCI bus, all that were ever seen: a card that is gone does not renumber the others. */
  readonly #addresses = new Set<string>();
  #found = '';
  #topology: KfdTopology = new Map();
  #generation: string | undefined = '';
  #driverSlot = -1;

  constructor(options: FleetOptions, guard: Guard) {
    this.#options = options;
    this.#guard = guard;
    this.#backends = new Backends(options, guard);
    const { paths, processes, known = [], log } = options;
    this.#inventory = new Inventory('amd', known, log);
    for (const { address } of known) this.#addresses.add(address);
    this.#processes = new ProcessReadings(paths, processes, hasOwnPids(paths));
  }

  /** Finds out which GPUs there are. Throws NoData where there is no driver, Error where there must be. */
  find(): void {
    const { paths, required } = this.#options;
    const cards = findCards(paths.sysfs);
    if (cards.length === 0 && this.#inventory.empty) {
      const reason = 'amdgpu drives no GPU';
      throw required ? new Error(reason) : new NoData(reason);
    }
    // What the library knows of a card does not outlive a reload of the driver.
    const found = cards.map(({ address, minor, hwmon }) => `${address} ${minor} ${hwmon}`).join();
    if (found !== this.#found || this.#backends.outdated) {
      this.#gpus.clear();
      this.#found = '';
      this.#backends.open();
      this.#found = found;
    }
    this.#readTopology();
    for (const { address } of cards) this.#addresses.add(pciBusId(address));
    const numbers = [...this.#addresses].sort();
    for (const card of cards) this.#take(card, numbers.indexOf(pciBusId(card.address)));
  }

  declare(slots: Slots): void {
    const { sysfs, rootfs } = this.#options.paths;
    const { libraryVersion } = this.#backends;
    const labels = driverLabels(driverVersion(sysfs), libraryVersion, rocmVersion(rootfs));
    this.#driverSlot = slots.slot(GPU_INFO.driver, labels);
    this.#inventory.declare(slots);
    for (const gpu of this.#gpus.values()) gpu.declare(slots);
  }

  /** Samples every GPU. Answers 0 or RESHAPE. */
  sample(values: Float64Array, now: number): number {
    let answer = 0;
    for (const [uuid, gpu] of this.#gpus) {
      if (!this.#guard.enter(guardName('sysfs', gpu.card.address))) {
        this.#lose(uuid, gpu, values);
        continue;
      }
      const code = gpu.sample(values, now);
      this.#guard.leave();
      if (code === GONE) this.#lose(uuid, gpu, values);
      else if (code === RESHAPE) answer = RESHAPE;
    }
    values[this.#driverSlot] = 1;
    this.#inventory.write(values, this.#gpus);
    return answer;
  }

  close(): void {
    this.#gpus.clear();
    this.#backends.close();
    this.#found = '';
  }

  #readTopology(): void {
    const { sysfs } = this.#options.paths;
    const generation = kfdGeneration(sysfs);
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#topology = kfdTopology(sysfs);
    this.#gpus.clear();
  }

  /** Makes a card one that is read, unless it is already, or does not answer, or may not be asked. */
  #take(card: Card, index: number): void {
    const known = this.#known(card);
    const readBy = this.#backends.allowed(card);
    if (!this.#guard.enter(guardName('sysfs', card.address))) {
      if (known !== undefined) this.#gpus.delete(known.uuid);
      this.#inventory.noteNameless(index, new Set(this.#gpus.keys()));
      return;
    }
    const answers = isThere(card, isSuspended(card));
    if (known === undefined || !answers || known.readBy !== readBy) {
      const nodes = this.#topology.get(card.address) ?? [];
      const identity = known?.identity ?? this.#identify(card, index, nodes);
      const { uuid, name } = identity.facts;
      this.#inventory.note(uuid, index, name);
      this.#gpus.delete(uuid);
      if (answers) this.#gpus.set(uuid, this.#read(card, identity, nodes, readBy));
    }
    this.#guard.leave();
  }

  /** The same card, if it is read already. */
  #known(card: Card): AmdGpu | undefined {
    for (const gpu of this.#gpus.values()) {
      const same =
        gpu.card.directory === card.directory &&
        gpu.card.hwmon === card.hwmon &&
        gpu.card.minor === card.minor;
      if (same) return gpu;
    }
    return undefined;
  }

  #identify(card: Card, index: number, nodes: readonly KfdNode[]): Identity {
    const { paths, host } = this.#options;
    const driver = driverVersion(paths.sysfs);
    return identify(card, index, nodes, { rootfs: paths.rootfs, driver, host });
  }

  #read(card: Card, identity: Identity, nodes: readonly KfdNode[], readBy: string): AmdGpu {
    const ids = nodes.map(({ id }) => id);
    const gpu = new AmdGpu(card, identity, this.#backends.attach(card), {
      ...this.#options,
      guard: this.#guard,
      readBy,
      readings: this.#processes.of(card, identity.facts, ids),
    });
    gpu.prime();
    return gpu;
  }

  #lose(uuid: string, gpu: AmdGpu, values: Float64Array): void {
    gpu.blank(values);
    this.#gpus.delete(uuid);
  }
}
