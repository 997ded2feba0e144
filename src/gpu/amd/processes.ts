/** What is told of the processes on AMD GPUs: in sum, and one by one. */
import type { Paths } from '../../board/paths.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { ProcessHolders } from '../process/holders.ts';
import { ProcessIdentities } from '../process/identity.ts';
import type { ProcessActivity } from '../process/list.ts';
import { ProcessRows } from '../process/rows.ts';
import { ProcessTotals } from '../process/totals.ts';
import type { Reading } from '../reading.ts';
import type { Card } from './backend.ts';
import { draws, kindOf } from './chips.ts';
import { DrmClients } from './drm-clients.ts';
import { hasKfd, KfdProcesses } from './kfd-processes.ts';
import { CardProcesses, type ProcessSource } from './process-list.ts';

export interface ProcessOptions {
  readonly totals: boolean;
  readonly each: boolean;
  /** Somebody joins processes with what they serve. */
  readonly holders: boolean;
  /** Most processes per GPU with series of their own. */
  readonly top: number;
  /** Say whose a process is. */
  readonly user: boolean;
}

/** DRM tells the time that its clients used an engine for, not how busy they are now. */
const NO_ACTIVITY: ProcessActivity = {
  columns: [],
  known: false,
  take: () => 0,
  of: () => Number.NaN,
};

/** Whoever draws, where nobody can say. */
const UNKNOWN_GRAPHICS: ProcessSource = { kind: 'graphics', each: () => false };

export class ProcessReadings {
  readonly #options: ProcessOptions;
  readonly #ownPids: boolean;
  /** Of those whom KFD lists, and of those whom /proc lists. */
  readonly #computing: ProcessIdentities;
  readonly #drawing: ProcessIdentities;
  readonly #sysfs: string;
  readonly #kfd: KfdProcesses;
  readonly #clients: DrmClients;

  /** `ownPids`: the pids of /proc are not the machine's, which KFD tells. */
  constructor(paths: Paths, options: ProcessOptions, ownPids: boolean) {
    const { procfs, rootfs, sysfs } = paths;
    this.#options = options;
    this.#ownPids = ownPids;
    this.#drawing = new ProcessIdentities(paths, options.user);
    this.#computing = ownPids
      ? new ProcessIdentities({ procfs: undefined, rootfs }, options.user)
      : this.#drawing;
    this.#sysfs = sysfs;
    this.#kfd = new KfdProcesses(sysfs);
    this.#clients = new DrmClients(procfs, ownPids);
  }

  /** `ids`: the card's in KFD. */
  of(card: Card, facts: GpuFacts, ids: readonly string[]): Reading[] {
    const { totals, each, holders, top } = this.#options;
    const computes = ids.length > 0 && hasKfd(this.#sysfs);
    const activity = computes ? this.#kfd.activity(ids) : NO_ACTIVITY;
    const identities = computes ? this.#computing : this.#drawing;
    const list = new CardProcesses(facts, this.#sources(card, computes ? ids : []));
    // Model servers are known by the pids of /proc.
    const joined = holders && !(computes && this.#ownPids);
    return [
      ...(totals ? [new ProcessTotals(facts, list)] : []),
      ...(joined ? [new ProcessHolders(list, activity)] : []),
      ...(each ? [new ProcessRows(facts, list, activity, identities, top)] : []),
    ];
  }

  #sources(card: Card, ids: readonly string[]): ProcessSource[] {
    const graphics = this.#clients.of(card.address, (pid) => this.#kfd.has(pid));
    if (ids.length === 0) return [graphics];
    const compute = this.#kfd.of(ids);
    if (!draws(kindOf(card.directory))) return [compute];
    return [compute, this.#ownPids ? UNKNOWN_GRAPHICS : graphics];
  }
}
