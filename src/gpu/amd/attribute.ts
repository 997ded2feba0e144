/**
 * Attributes of amdgpu in sysfs. Opened for each reading, since an open one holds kernel memory, and so that
 * it never waits: a file that is none (a pipe) must not hold the probe.
 */
import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';

/** sysfs gives no more than a page at a time. */
const buffer = Buffer.alloc(4096);
const HOW = constants.O_RDONLY | constants.O_NONBLOCK;

/** Bytes read into `into`; -1 where the driver has nothing to say, whatever its reason. */
export function readBytes(path: string, into: Buffer): number {
  let fd = -1;
  try {
    fd = openSync(path, HOW);
    return readSync(fd, into, 0, into.length, null);
  } catch {
    return -1;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Text without surrounding white space; undefined where there is none. */
export function readText(path: string): string | undefined {
  const n = readBytes(path, buffer);
  const text = n <= 0 ? '' : buffer.toString('utf8', 0, n).trim();
  return text === '' ? undefined : text;
}

/** More than any list of the driver: 64 of its pages, some ten thousand lines. */
const MOST_PAGES = 64;

/** The whole of a file that may be longer than a page, which may be nothing; undefined where it cannot be read. */
export function readWhole(path: string): string | undefined {
  let fd = -1;
  try {
    fd = openSync(path, HOW);
    let text = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      const n = readSync(fd, buffer, 0, buffer.length, null);
      if (n === 0) break;
      text += buffer.toString('latin1', 0, n);
    }
    return text;
  } catch {
    return undefined;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Names in a directory; none where it is not there. */
export function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** After so many failures in a row a file is left alone for so many readings: an exception is the dearest of them. */
const FAILURES = 3;
const REST = 10;

/** One file that is read again and again. */
export class Attribute {
  readonly #path: string;
  #failures = 0;
  #rest = 0;

  constructor(path: string) {
    this.#path = path;
  }

  text(): string | undefined {
    if (this.#rest > 0) {
      this.#rest--;
      return undefined;
    }
    const text = readText(this.#path);
    this.#failures = text === undefined ? this.#failures + 1 : 0;
    if (this.#failures >= FAILURES) this.#rest = REST;
    return text;
  }

  /** Decimal or `0x…`; NaN where it is none. */
  number(): number {
    const text = this.text();
    return text === undefined ? Number.NaN : Number(text);
  }
}

/** Those files of a directory that are there; the others are never asked for. */
export class Attributes {
  readonly directory: string;
  readonly #names: ReadonlySet<string>;
  readonly #attributes = new Map<string, Attribute>();

  constructor(directory: string) {
    this.directory = directory;
    this.#names = new Set(list(directory));
  }

  get names(): Iterable<string> {
    return this.#names;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  text(name: string): string | undefined {
    return this.#attribute(name)?.text();
  }

  number(name: string): number {
    return this.#attribute(name)?.number() ?? Number.NaN;
  }

  #attribute(name: string): Attribute | undefined {
    if (!this.#names.has(name)) return undefined;
    const known = this.#attributes.get(name) ?? new Attribute(`${this.directory}/${name}`);
    this.#attributes.set(name, known);
    return known;
  }
}
