/** `gpu_process_info`: what the processes that hold a GPU are. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Guard } from '../board/guard.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { GPU_PROCESS_INFO } from '../catalog/serving.ts';
import type { Fleet } from './fleet.ts';
import { frameworkIn } from './frameworks.ts';
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
  const server = fleet.servers.find((s) => fleet.owns(s, pid));
  // A server that is not asked has workers all the same.
  const engine = server?.engine ?? fleet.worksFor(pid);
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

/** The model of a server that serves one. */
export function onlyModel({ values, info, target }: Server): string | undefined {
  const models = new Set(values.flatMap((v) => v.labels['model'] ?? []));
  return models.size > 1 ? undefined : ([...models][0] ?? info.model ?? target.model);
}

/** Undefined where the file is not readable (another user's process, no CAP_SYS_PTRACE), or says nothing. */
function readFramework(procfs: string, pid: number, guard: Guard): string | undefined {
  if (!guard.enter(`process ${pid}`)) return undefined;
  try {
    return frameworkIn(piecesOf(`${procfs}/${pid}/maps`));
  } catch {
    return undefined;
  } finally {
    guard.leave();
  }
}

/** Bytes of a process's map that are read; a line has about a hundred, and large processes 100,000 lines. */
const MOST_READ = 32 * 1024 * 1024;

/** A file's text, piece by piece, in memory that is used again for each. */
function* piecesOf(path: string): Iterable<string> {
  const fd = openSync(path, 'r');
  try {
    for (let read = 0; read < MOST_READ; ) {
      const n = readSync(fd, buffer, 0, buffer.length, null);
      if (n === 0) return;
      read += n;
      yield buffer.toString('latin1', 0, n);
    }
  } finally {
    closeSync(fd);
  }
}

const buffer = Buffer.alloc(16 * 1024);
