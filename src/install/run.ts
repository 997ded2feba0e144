/** Programs of the system. */

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Programs for administrators are not on everybody's PATH, nor on that of a command over ssh. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function has(program: string): boolean {
  return Bun.which(program, { PATH }) !== null;
}

/** Runs one and waits. A program that is not there ends with 127, as a shell has it. */
export function run(argv: readonly string[], stdin?: string): Ran {
  const [name = '', ...args] = argv;
  const program = Bun.which(name, { PATH });
  if (program === null) return { code: 127, out: '', err: `${name}: not found` };
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, ...args], {
    env: { PATH, LC_ALL: 'C' },
    stdin: stdin === undefined ? 'ignore' : new TextEncoder().encode(stdin),
  });
  return { code: exitCode, out: stdout.toString().trim(), err: stderr.toString().trim() };
}
