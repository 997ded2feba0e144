/** A Debian tree that tests may change: the cached one below, what they write in memory above it. */
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Tree {
  readonly root: string;
  /** Runs a shell command in it by chroot(2). */
  enter(command: string): Promise<Output>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Nothing of the environment of who runs the tests; no question is ever asked. */
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  DEBIAN_FRONTEND: 'noninteractive',
  LC_ALL: 'C.UTF-8',
};

/** A tree of its own above the cached one; unmounted and forgotten when it is disposed of. */
export async function overlay(lower: string): Promise<Tree> {
  const scratch = mkdtempSync(join(tmpdir(), 'edgegauge-tree-'));
  await must(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', scratch]);
  const root = join(scratch, 'root');
  for (const name of ['root', 'upper', 'work']) mkdirSync(join(scratch, name));
  const layers = `lowerdir=${lower},upperdir=${scratch}/upper,workdir=${scratch}/work`;
  await must(['mount', '-t', 'overlay', '-o', layers, 'overlay', root]);
  return {
    root,
    enter: (command) => run(['chroot', root, 'sh', '-c', command], { env: ENVIRONMENT }),
    [Symbol.asyncDispose]: async () => {
      await must(['umount', '--recursive', root]);
      await must(['umount', scratch]);
      rmdirSync(scratch);
    },
  };
}

export async function run(
  argv: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Output> {
  const child = Bun.spawn([...argv], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    ...options,
  });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, out, err };
}

/** Standard output of a command that has to succeed. */
export async function must(argv: readonly string[]): Promise<string> {
  return succeeded(argv.join(' '), await run(argv));
}

export function succeeded(what: string, { code, out, err }: Output): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${out}${err}`);
  return out;
}
