/** The `*.prom` files of some directories, read again when they changed. */
import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import type { Guard } from '../guard.ts';
import { guarded } from '../guarded.ts';
import { glob } from './glob.ts';
import { parseTextfile, type TextFamily, TextfileError } from './parse.ts';

/** A file beyond this is no list of metrics. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface ReadFile {
  readonly path: string;
  /** Unix time of its last change in whole seconds, as node_exporter has it. */
  readonly mtime: number;
  readonly families: readonly TextFamily[];
  /** Why it is left out. */
  readonly error: string | undefined;
}

interface Kept extends ReadFile {
  /** What tells one state of the file from another. */
  readonly state: string;
}

export class TextFiles {
  readonly #directories: readonly string[];
  readonly #guard: Guard;
  #kept = new Map<string, Kept>();
  #errors: readonly string[] = [];

  constructor(directories: readonly string[], guard: Guard) {
    this.#directories = directories;
    this.#guard = guard;
  }

  /** Files in the order of directories and names. */
  get files(): readonly ReadFile[] {
    return [...this.#kept.values()];
  }

  /** Why directories could not be read, `path: message`. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Looks at all of them; answers whether anything is other than it was. */
  refresh(): boolean {
    const next = new Map<string, Kept>();
    const errors: string[] = [];
    for (const directory of this.#directories) {
      if (directory === '') continue;
      const done = guarded(this.#guard, directory, () => {
        for (const path of glob(directory)) this.#readDirectory(path, next, errors);
        return true;
      });
      if (done !== true) errors.push(`${directory}: it does not answer`);
    }
    const changed =
      errors.join('\n') !== this.#errors.join('\n') ||
      next.size !== this.#kept.size ||
      [...next].some(([path, file]) => this.#kept.get(path) !== file);
    this.#kept = next;
    this.#errors = errors;
    return changed;
  }

  #readDirectory(directory: string, next: Map<string, Kept>, errors: string[]): void {
    let names: Buffer[];
    try {
      names = readdirSync(directory, { encoding: 'buffer' });
    } catch (error) {
      errors.push(`${directory}: ${messageOf(error)}`);
      return;
    }
    const base = Buffer.from(directory.endsWith('/') ? directory : `${directory}/`);
    for (const name of names.sort(Buffer.compare)) {
      if (!name.toString('latin1').endsWith('.prom')) continue;
      const path = Buffer.concat([base, name]);
      const key = path.toString('latin1');
      const file = this.#file(path, this.#kept.get(key));
      if (file !== undefined) next.set(key, file);
    }
  }

  /** The file as it is now; undefined where it has just gone. */
  #file(path: Buffer, before: Kept | undefined): Kept | undefined {
    const label = path.toString('utf8');
    const bad = (state: string, error: string): Kept =>
      before?.state === state && before.error === error
        ? before
        : { path: label, mtime: Number.NaN, families: [], error, state };
    let stats: Stats | undefined;
    try {
      stats = statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      return bad('', messageOf(error));
    }
    if (stats === undefined) {
      const link = lstatSync(path, { throwIfNoEntry: false });
      return link === undefined ? undefined : bad('', 'it is a link that leads nowhere');
    }
    const { ino, size, mtimeMs, ctimeMs } = stats;
    const state = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
    if (before?.state === state) return before;
    // Opening a named pipe would wait for somebody to write.
    if (!stats.isFile()) return bad(state, 'it is no file');
    if (size > MAX_BYTES) return bad(state, 'it is larger than 16 MiB');
    try {
      const families = parseTextfile(readFileSync(path, 'latin1'));
      const mtime = Math.floor(mtimeMs / 1000);
      return { path: label, mtime, families, error: undefined, state };
    } catch (error) {
      if (error instanceof TextfileError) return bad(state, error.message);
      // Not what is in the file: worth another try.
      return bad('', messageOf(error));
    }
  }
}

/** `ENOENT: no such file or directory, open '/x'` is `no such file or directory`. */
const messageOf = (error: unknown): string =>
  (error as Error).message.replace(/^[A-Z0-9]+: /, '').replace(/, \w+ .*$/s, '');
