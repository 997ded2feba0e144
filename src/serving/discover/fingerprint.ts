/** Model servers among processes, by their command lines. */
import type { Engine, ProcessPrint } from '../engines/engine.ts';
import type { Process } from './process-table.ts';

/** Programs that only start, show or look for others, whose command lines they carry. */
const WRAPPERS = new Set(
  'ash bash cat crictl ctr dash docker env fish grep helm journalctl kubectl less man nano nerdctl nohup numactl oc pgrep pkill podman rg rsync runuser salloc sbatch screen sed sh singularity apptainer srun ssh strace su sudo systemctl systemd-run tail taskset tini timeout tmux vi vim watch zsh'.split(
    ' ',
  ),
);

interface Print {
  readonly engine: Engine;
  readonly server: RegExp;
  readonly launcher: RegExp;
  readonly workers: RegExp;
}

type Table = ReadonlyMap<number, Process>;

export class Fingerprints {
  readonly #prints: readonly Print[];
  /** Of all servers: most processes are none. */
  readonly #any: RegExp;

  constructor(engines: readonly Engine[]) {
    this.#prints = engines.flatMap((engine) => {
      const { process } = engine;
      if (process === undefined) return [];
      const { command, launcher = [], workers = [] } = process;
      const [server, above, below] = [command, launcher, workers].map(anyOf);
      return [{ engine, server, launcher: above, workers: below } as Print];
    });
    this.#any = anyOf(engines.flatMap((e) => e.process?.command ?? []));
  }

  /** The engine whose server a process is. */
  engineOf(process: Process): Engine | undefined {
    const line = lineOf(process);
    if (!this.#any.test(line) || isWrapper(process)) return undefined;
    return this.#prints.find(({ server }) => server.test(line))?.engine;
  }

  /** The process above a server and its workers: its launcher where it has one, otherwise itself. */
  rootOf(server: Process, engine: Engine, processes: Table): Process {
    const parent = processes.get(server.parent);
    const print = this.#prints.find((p) => p.engine === engine);
    const launched = parent !== undefined && print?.launcher.test(lineOf(parent)) === true;
    return launched && !isWrapper(parent) ? parent : server;
  }

  /** Whether a process, or one above it, is a worker of an engine. */
  isWorker(pid: number, engine: Engine, processes: Table): boolean {
    const print = this.#prints.find((p) => p.engine === engine);
    return [...ancestry(pid, processes)].some((p) => print?.workers.test(lineOf(p)) === true);
  }

  /** The engine that a process works for, whether its server is asked or not. */
  worksFor(pid: number, processes: Table): Engine | undefined {
    for (const process of ancestry(pid, processes)) {
      const line = lineOf(process);
      const engine = isWrapper(process)
        ? undefined
        : this.#prints.find((p) => p.workers.test(line))?.engine;
      const found = engine ?? this.engineOf(process);
      if (found !== undefined) return found.process?.mixed === true ? engine : found;
    }
    return undefined;
  }
}

const lineOf = ({ command }: Process): string => command.join(' ');

const isWrapper = ({ command }: Process): boolean => WRAPPERS.has(basename(command[0] ?? ''));

/** Generations that are looked at: a table that was read while it changed may have a circle. */
const MOST_ANCESTORS = 64;

/** A process, its parent, and so on. */
function* ancestry(pid: number, processes: Table): Iterable<Process> {
  let process = processes.get(pid);
  for (let i = 0; i < MOST_ANCESTORS && process !== undefined; i++) {
    yield process;
    process = processes.get(process.parent);
  }
}

const anyOf = (patterns: readonly string[]): RegExp =>
  patterns.length === 0 ? /(?!)/ : new RegExp(patterns.map((p) => `(?:${p})`).join('|'));

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What stands behind one of the flags: `--port 8000`, `--port=8000`. */
export function flagValue(
  command: readonly string[],
  flags: readonly string[] = [],
): string | undefined {
  // A title has its words in one.
  const words = command.length === 1 ? (command[0] as string).split(' ') : command;
  for (const flag of flags) {
    const at = words.indexOf(flag);
    if (at >= 0 && words[at + 1] !== undefined) return words[at + 1];
    const joined = words.find((word) => word.startsWith(`${flag}=`));
    if (joined !== undefined) return joined.slice(flag.length + 1);
  }
  return undefined;
}

/** The port of the figures; `said`: by a flag, and not only the engine's default. */
export function portOf(
  command: readonly string[],
  print: ProcessPrint,
): { readonly port: number; readonly said: boolean } {
  const flags = print.metricsPortFlags ?? (print.metricsPort === undefined ? print.portFlags : []);
  const port = Number(flagValue(command, flags));
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { port, said: true };
  return { port: print.metricsPort ?? print.port, said: false };
}

/** The model that a command line names: behind a flag, or without one (`vllm serve MODEL`). */
export function modelOf(command: readonly string[], print: ProcessPrint): string | undefined {
  return flagValue(command, print.modelFlags) ?? filesOf(command, print);
}

/** The model that stands without a flag, as the path or name under which its files are. */
export function filesOf(
  command: readonly string[],
  { modelAfter = [] }: ProcessPrint,
): string | undefined {
  const at = command.findLastIndex((word) => modelAfter.includes(basename(word)));
  const next = at < 0 ? undefined : command[at + 1];
  return next?.startsWith('-') === false ? next : undefined;
}
