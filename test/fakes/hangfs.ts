/** Starts hangfs.c: a file system whose answers a test can hold back. Needs the part `fuse`. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../parts.ts';

const SOURCE = `${ROOT}/test/fakes/hangfs.c`;
const BINARY = `${ROOT}/.cache/fakes/hangfs`;

/** Path of the program, built when it is older than its source. */
function buildHangfs(): string {
  if (existsSync(BINARY) && statSync(BINARY).mtimeMs >= statSync(SOURCE).mtimeMs) return BINARY;
  mkdirSync(`${ROOT}/.cache/fakes`, { recursive: true });
  // Renamed when it is whole: test files run side by side.
  const made = `${BINARY}.${process.pid}`;
  const flags = Bun.spawnSync(['pkg-config', '--cflags', '--libs', 'fuse3']).stdout.toString();
  const words = flags.trim().split(/\s+/);
  const built = Bun.spawnSync(['cc', '-O1', '-Wall', '-Werror', SOURCE, ...words, '-o', made]);
  if (built.exitCode !== 0) throw new Error(`hangfs.c: ${built.stderr}`);
  renameSync(made, BINARY);
  return BINARY;
}

export class HangFs implements AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  readonly #child: Bun.Subprocess<'pipe', 'pipe', 'inherit'>;
  readonly #own: boolean;
  readonly #lines: string[] = [];
  #wake: () => void = () => {};
  readonly #ended: Promise<void>;

  private constructor(path: string, own: boolean, files: Readonly<Record<string, string>>) {
    this.path = path;
    this.#own = own;
    const names = Object.entries(files).map(([name, content]) => `${name}=${content}`);
    const argv = [buildHangfs(), path, ...names];
    this.#child = Bun.spawn(argv, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
    this.#ended = this.#read();
  }

  /** Mounts a folder of `files`, on `path` or on a new temporary directory. */
  static async mount(files: Readonly<Record<string, string>> = {}, path?: string): Promise<HangFs> {
    const at = path ?? mkdtempSync(join(tmpdir(), 'edgegauge-hangfs-'));
    const fs = new HangFs(at, path === undefined, files);
    await fs.told('mounted');
    return fs;
  }

  /** From now on statfs(2), or read(2) of the file of this name, is not answered. */
  async hold(what: string): Promise<void> {
    await this.#command(`hold ${what}`);
  }

  /** Resolves when a caller is being kept waiting for it that no former call of this method answered for. */
  async held(what: string): Promise<void> {
    await this.told(`held ${what}`);
  }

  /** Answers everything, from now on and what was held. */
  async free(): Promise<void> {
    await this.#command('free');
  }

  /** From now on statfs(2) fails with this error number; 0: succeeds. */
  async fail(errno: number): Promise<void> {
    await this.#command(`fail ${errno}`);
  }

  /** From now on read(2) of the file of this name fails with this error number from `offset` on; 0: succeeds. */
  async break(name: string, errno: number, offset = 0): Promise<void> {
    await this.#command(`break ${name} ${errno} ${offset}`);
  }

  /** Waits for a line of the program and takes it. */
  async told(line: string): Promise<void> {
    for (;;) {
      const at = this.#lines.indexOf(line);
      if (at >= 0) {
        this.#lines.splice(at, 1);
        return;
      }
      const refused = this.#lines.find((said) => said.startsWith('unknown command'));
      if (refused !== undefined) throw new Error(`hangfs: ${refused}`);
      if (this.#child.exitCode !== null) throw new Error(`hangfs ended without saying "${line}"`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Unmounts; whoever was kept waiting gets an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#child.exited;
    await this.#ended;
    if (this.#own) rmdirSync(this.path);
  }

  async #command(command: string): Promise<void> {
    this.#child.stdin.write(`${command}\n`);
    this.#child.stdin.flush();
    await this.told('ok');
  }

  async #read(): Promise<void> {
    let rest = '';
    for await (const part of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#wake();
    }
    await this.#child.exited;
    this.#wake();
  }
}
