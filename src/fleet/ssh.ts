/** ssh and scp of this system, which know its hosts, keys and agents. */

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nobody is there to answer questions; a machine that is gone is not waited for. The first of each kind counts. */
const STANDARD = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=4',
];

export class Ssh {
  readonly #options: readonly string[];

  /** `options`: as `-o` takes them; `config`: a file in the place of the user's own. */
  constructor(options: readonly string[], config?: string) {
    const own = config === undefined ? [] : ['-F', config];
    this.#options = [...own, ...[...options, ...STANDARD].flatMap((option) => ['-o', option])];
  }

  /** Runs a script of sh there, whichever shell the user has. No single quotes may be in it. */
  async run(host: string, script: string): Promise<Answer> {
    return await spawn(['ssh', '-T', ...this.#options, '--', host, `sh -c '${script}'`]);
  }

  /** Copies files and directories into a directory there. */
  async copy(from: readonly string[], host: string, directory: string): Promise<Answer> {
    const to = `${bracketed(host)}:${directory}/`;
    return await spawn(['scp', '-q', '-r', ...this.#options, '--', ...from, to]);
  }
}

/** scp takes what is behind the first colon for a path. */
function bracketed(host: string): string {
  const at = host.indexOf('@') + 1;
  return host.includes(':') ? `${host.slice(0, at)}[${host.slice(at)}]` : host;
}

async function spawn(argv: readonly string[]): Promise<Answer> {
  const child = Bun.spawn([...argv], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, out, err };
}
