/** `gpu_process_info`: what the processes that hold a GPU are. */
import { readFileSync } from 'node:fs';
import type { Guard } from '../board/guard.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { GPU_PROCESS_INFO } from '../catalog/serving.ts';
import { familyOf } from './discover/process-table.ts';
import type { Fleet } from './fleet.ts';
import { frameworkOf } from './frameworks.ts';
import type { Holder } from './holders.ts';
import type { Server } from './server.ts';

export interface GpuProcessOptions {
  readonly fleet: Fleet;
  readonly holders: () => readonly Holder[];
  readonly procfs: string;
  readonly guard: Guard;
}

export function gpuProcesses({ fleet, holders, procfs, guard }: GpuProcessOptions): Source {
  /** By pid and start time. A process maps its libraries before it holds a GPU. */
  let known = new Map<string, string | undefined>();
  let slots: number[] = [];
  let seen: readonly Holder[] | undefined;
  return {
    name: 'gpu-processes',
    collectors: ['serving'],
    discover(draft) {
      fleet.look();
      seen = holders();
      const kept = new Map<string, string | undefined>();
      slots = [];
      for (const pid of new Set(seen.map((h) => h.pid))) {
        const key = `${pid} ${fleet.processes.get(pid)?.startTime}`;
        const framework = known.get(key) ?? readFramework(procfs, pid, guard);
        kept.set(key, framework);
        const labels = labelsOf(pid, framework, fleet);
        if (labels !== undefined) slots.push(draft.slot(GPU_PROCESS_INFO.process, labels));
      }
      known = kept;
    },
    sample(values) {
      if (holders() !== seen) return SAMPLE.rescan;
      for (const slot of slots) values[slot] = 1;
      return SAMPLE.ok;
    },
    close() {},
  };
}

/** Undefined where nothing is known of it. */
function labelsOf(
  pid: number,
  framework: string | undefined,
  fleet: Fleet,
): Record<string, string> | undefined {
  const server = fleet.servers.find((s) => isOf(pid, s, fleet));
  const { engine } = server ?? {};
  const what = framework ?? engine;
  if (what === undefined) return undefined;
  const model = server === undefined ? undefined : onlyModel(server);
  return {
    pid: String(pid),
    framework: what,
    ...(engine === undefined ? {} : { engine }),
    ...(model === undefined ? {} : { model }),
  };
}

function isOf(pid: number, { target }: Server, { processes }: Fleet): boolean {
  const { process } = target;
  return process !== undefined && familyOf(process.pid, processes).has(pid);
}

/** The model of a server that serves one. */
export function onlyModel({ values, info, target }: Server): string | undefined {
  const models = new Set(values.flatMap((v) => v.labels['model'] ?? []));
  return models.size > 1 ? undefined : ([...models][0] ?? info.model ?? target.model);
}

/** Undefined where the file is not readable (another user's process, no CAP_SYS_PTRACE), or says nothing. */
function readFramework(procfs: string, pid: number, guard: Guard): string | undefined {
  if (!guard.enter(`process ${pid}`)) return undefined;
  try {
    return frameworkOf(readFileSync(`${procfs}/${pid}/maps`, 'latin1'));
  } catch {
    return undefined;
  } finally {
    guard.leave();
  }
}
