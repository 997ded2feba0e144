/** Which processes hold which GPUs: told by the serving process, which has it of the GPU probes. */
import { familyOf, type Process } from './discover/process-table.ts';
import type { Target } from './target.ts';

export interface Holder {
  readonly pid: number;
  readonly uuid: string;
  /** Index, as `device` of the GPU's series. */
  readonly gpu: string;
}

/** The holders among a server's process and its descendants. */
export function holdersOf(
  { process }: Target,
  holders: readonly Holder[],
  processes: ReadonlyMap<number, Process>,
): readonly Holder[] {
  const own = process === undefined ? undefined : processes.get(process.pid);
  if (own === undefined || own.startTime !== process?.startTime || holders.length === 0) return [];
  const family = familyOf(own.pid, processes);
  return holders.filter(({ pid }) => family.has(pid));
}
