/** A tree booted by systemd-nspawn: systemd is its PID 1, and its network is a loopback interface alone. */
import { readFileSync, rmSync } from 'node:fs';
import { until } from '../edgegauge.ts';
import { type Output, run, succeeded, type Tree } from './tree.ts';

export interface Machine {
  /** Standard output of a shell command in it, which has to succeed. */
  must(command: string): Promise<string>;
  /** The same, whatever becomes of it. */
  try(command: string): Promise<Output>;
  /** A program of ours, with our files and the network of this machine. */
  client(argv: readonly string[]): Promise<Output>;
  /** What a client of this machine, of ours, is answered by its loopback address: status, then body. */
  get(path: string, ...curl: readonly string[]): Promise<{ status: number; body: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Boots a tree with directories of ours in it, read-only, by their path there. Throws with what was printed. */
export async function boot(
  tree: Tree,
  shared: Readonly<Record<string, string>> = {},
): Promise<Machine> {
  const binds = Object.entries(shared).map(([there, here]) => `--bind-ro=${here}:${there}`);
  const child = Bun.spawn(
    // Neither machined nor a scope of the host's systemd is needed, so that it works where there are none.
    ['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--private-network', ...binds]
      // Else it forbids to read the clock's discipline, which no real machine does.
      .concat([
        '--system-call-filter=adjtimex clock_adjtime',
        '--machine=edgegauge-test',
        '--console=pipe',
        '-D',
        tree.root,
        '--boot',
      ]),
    { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
  let printed = '';
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  };
  void listen(child.stdout);
  void listen(child.stderr);

  let leader = 0;
  const into = (command: string): readonly string[] => [
    ...['nsenter', '--target', String(leader), '--all', 'env', '-i'],
    ...['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'],
    ...['sh', '-c', command],
  ];
  const attempt = (command: string): Promise<Output> => run(into(command));
  const client = (argv: readonly string[]): Promise<Output> =>
    run(['nsenter', '--target', String(leader), '--net', ...argv]);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await child.exited;
  };
  try {
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`systemd-nspawn ended:\n${printed}`);
        leader = childOf(child.pid);
        if (leader === 0) return '';
        return (await attempt('systemctl is-system-running')).out;
      },
      (state) => /^(running|degraded)/.test(state),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    try: attempt,
    must: async (command) => succeeded(command, await attempt(command)),
    client,
    get: async (path, ...curl) => {
      const url = `http://127.0.0.1:9835${path}`;
      const { out } = await client([
        ...['curl', '--silent', '--write-out', '\n%{http_code}', ...curl, url],
      ]);
      const end = out.lastIndexOf('\n');
      return { status: Number(out.slice(end + 1)), body: out.slice(0, end) };
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** What a file of tests has made of these, as far as it came: to be taken down when its tests are done. */
export async function takeDown(
  machine: Machine | undefined,
  tree: Tree | undefined,
  directory: string,
): Promise<void> {
  if (directory === '') return;
  await machine?.[Symbol.asyncDispose]();
  await tree?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
}

/** Process id of the only child; 0 before there is one. */
function childOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ')[0]);
  } catch {
    return 0;
  }
}
