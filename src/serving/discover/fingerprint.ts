/** Model servers among processes, by their command lines. */
import type { Engine, ProcessPrint } from '../engines/engine.ts';
import type { Process } from './process-table.ts';

/** Programs that only start, show or look for others, whose command lines they carry. */
const WRAPPERS = new Set(
  'ash bash cat crictl ctr dash docker env fish grep kubectl less man nano nerdctl nohup numactl podman rg runuser screen sed sh singularity apptainer ssh strace su sudo systemd-run tail taskset tini timeout tmux vi vim watch zsh'.split(
    ' ',
  ),
);

export class Fingerprints {
  readonly #engines: readonly (readonly [Engine, RegExp])[];
  /** Of all of them: most processes are none. */
  readonly #any: RegExp;

  constructor(engines: readonly Engine[]) {
    this.#engines = engines.flatMap((engine) =>
      engine.process === undefined ? [] : [[engine, anyOf(engine.process.command)] as const],
    );
    this.#any = anyOf(engines.flatMap((e) => e.process?.command ?? []));
  }

  /** The engine whose server a process is. */
  engineOf({ command }: Process): Engine | undefined {
    const line = command.join(' ');
    if (!this.#any.test(line) || WRAPPERS.has(basename(command[0] ?? ''))) return undefined;
    return this.#engines.find(([, pattern]) => pattern.test(line))?.[0];
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

/** The model that a command line names: behind a flag, or behind `serve` (`vllm serve MODEL`). */
export function modelOf(command: readonly string[], print: ProcessPrint): string | undefined {
  const flag = flagValue(command, print.modelFlags);
  if (flag !== undefined) return flag;
  const next = command[command.indexOf('serve') + 1];
  return command.includes('serve') && next?.startsWith('-') === false ? next : undefined;
}
