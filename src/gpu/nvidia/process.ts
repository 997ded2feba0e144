/** Processes on a GPU: how many there are, what they have together, and what each of the largest has. */
import type { Paths } from '../../board/paths.ts';
import { ProcessHolders } from '../process/holders.ts';
import { ProcessIdentities } from '../process/identity.ts';
import { ProcessRows } from '../process/rows.ts';
import { ProcessTotals } from '../process/totals.ts';
import type { Group } from './group.ts';
import { activityOf } from './process-activity.ts';
import { scanOf } from './process-scan.ts';

export interface ProcessOptions {
  /** Most processes per GPU with series of their own. */
  readonly top: number;
  /** Say whose a process is. */
  readonly user: boolean;
}

/** Number and memory of all. */
export const processes: Group = {
  name: 'processes',
  every: 1,
  attach: (gpu) => new ProcessTotals(gpu.facts, scanOf(gpu)),
};

/** All, for those who join them with what they serve. */
export const holders: Group = {
  name: 'processes',
  every: 1,
  attach: (gpu) => new ProcessHolders(scanOf(gpu), activityOf(gpu)),
};

/** The largest, one by one. */
export function perProcess(
  paths: Pick<Paths, 'procfs' | 'rootfs'>,
  { top, user }: ProcessOptions,
): Group {
  return {
    name: 'per_process',
    every: 1,
    attach(gpu) {
      const identities = new ProcessIdentities(paths, user);
      return new ProcessRows(gpu.facts, scanOf(gpu), activityOf(gpu), identities, top);
    },
  };
}
