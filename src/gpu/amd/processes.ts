/** What is told of the processes on AMD GPUs: in sum, and one by one. */
import type { Paths } from '../../board/paths.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { ProcessHolders } from '../process/holders.ts';
import type { ProcessIdentities } from '../process/identity.ts';
import type { ProcessActivity } from '../process/list.ts';
import { ProcessRows } from '../process/rows.ts';
import { ProcessTotals } from '../process/totals.ts';
import type { Reading } from '../reading.ts';
import type { Card } from './backend.ts';
import { DrmClients } from './drm-clients.ts';
import { hasKfd, KfdProcesses } from './kfd-processes.ts';
import { CardProcesses } from './process-list.ts';

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

export class ProcessReadings {
  readonly #options: ProcessOptions;
  readonly #identities: ProcessIdentities;
  readonly #sysfs: string;
  readonly #kfd: KfdProcesses;
  readonly #clients: DrmClients;

  constructor(paths: Paths, options: ProcessOptions, identities: ProcessIdentities) {
    this.#options = options;
    this.#identities = identities;
    this.#sysfs = paths.sysfs;
    this.#kfd = new KfdProcesses(paths.sysfs);
    this.#clients = new DrmClients(paths.procfs);
  }

  /** `ids`: the card's in KFD. */
  of(card: Card, facts: GpuFacts, ids: readonly string[]): Reading[] {
    const { totals, each, holders, top } = this.#options;
    const kfd = hasKfd(this.#sysfs);
    const source = kfd ? this.#kfd.of(ids) : this.#clients.of(card.address);
    const activity = kfd ? this.#kfd.activity(ids) : NO_ACTIVITY;
    const list = new CardProcesses(facts, source);
    return [
      ...(totals ? [new ProcessTotals(facts, list)] : []),
      ...(holders ? [new ProcessHolders(list, activity)] : []),
      ...(each ? [new ProcessRows(facts, list, activity, this.#identities, top)] : []),
    ];
  }
}
