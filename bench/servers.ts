/** The programs that are compared, each on a free port of the loopback address. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ready, start } from '../test/edgegauge.ts';
import { nodeExporter } from '../test/parts/programs.ts';
import { ROOT } from '../test/parts.ts';
import { binaryName } from '../tools/build.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The compiled program of this machine's processor. */
export function binary(): string {
  const file = join(ROOT, 'dist', binaryName(process.arch === 'arm64' ? 'arm64' : 'x64'));
  if (!existsSync(file)) throw new Error(`${file} is not there: make build`);
  return file;
}

export interface EdgegaugeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What to run instead of a command, so that it runs somewhere else. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
}

export interface Edgegauge extends Server {
  /** What it wrote on standard error so far. */
  log(): string;
}

/** edgegauge, compiled, with its first full sample. */
export async function edgegauge(
  args: readonly string[],
  { env = {}, wrap = (command) => command }: EdgegaugeOptions = {},
): Promise<Edgegauge> {
  const running = await start(args, { program: wrap([binary()]), env });
  await ready(running);
  return {
    port: running.port,
    pid: running.pid,
    log: running.log,
    stop: async () => {
      await running.stop();
    },
  };
}

export function nodeExporterProgram(): string {
  const program = nodeExporter();
  if (program === undefined) throw new Error('node_exporter is not there: make debian');
  return program;
}

export const nodeExporterWith = (args: readonly string[]): Promise<Server> =>
  spawned(
    [nodeExporterProgram(), '--web.listen-address=127.0.0.1:0', ...args],
    /address=127\.0\.0\.1:(\d+)/,
  );

/** A server that answers everything with the file, so that the client's own part can be seen. */
export const staticPage = (file: string): Promise<Server> =>
  spawned([process.execPath, join(import.meta.dir, 'static.ts'), file], /^port (\d+)$/m);

/** Starts a program and waits until it says its port on standard error. */
async function spawned(command: readonly string[], says: RegExp): Promise<Server> {
  const child = Bun.spawn([...command], { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const found = Promise.withResolvers<number>();
  void (async () => {
    const decoder = new TextDecoder();
    let said = '';
    for await (const chunk of child.stderr) {
      said += decoder.decode(chunk, { stream: true });
      const port = says.exec(said)?.[1];
      if (port !== undefined) found.resolve(Number(port));
    }
    found.reject(new Error(`${command[0]} ended:\n${said}`));
  })();
  const stop = async (): Promise<void> => {
    child.kill();
    await child.exited;
  };
  return { port: await found.promise, pid: child.pid, stop };
}
