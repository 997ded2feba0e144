/**
 * Reads kernel text files the way the kernel likes it: a kept-open descriptor, positional reads from
 * offset 0, into one buffer that all files share (sampling is synchronous, so no two overlap).
 * stat() sizes of /proc files lie, so the end is where read() answers 0.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;

/** A file beyond this is not read further: nothing that edgegauge reads is that large. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * A first read shorter than this was all there is: a sequence file stops early only before a record that
 * no longer fits into its page, and no file read here has records of a kilobyte behind so few bytes. It
 * spares a second read, for which the kernel makes some tables (snmp6, udp) anew.
 */
const SURELY_ALL = 3072;

/**
 * Bytes asked for first of a file that was short the last time: to read a sysctl the kernel clears as
 * much memory as it is asked for, which takes longer than the read itself.
 */
const PAGE = 4096;

let shared = new Uint8Array(64 * 1024);

/** The bytes that the last `KernelFile.read()` left; valid until the next one. */
export function contents(): Uint8Array {
  return shared;
}

/** Rises when every file is to be opened anew. */
let opening = 0;

/**
 * Makes every file open anew at its next read. A descriptor goes on telling of a file that was deleted,
 * replaced or mounted over, if it is not of procfs or sysfs themselves (which answer with an error): a
 * container's /proc has such files. Now and then is enough: opening costs as much as reading.
 */
export function reopenFiles(): void {
  opening++;
}

export class KernelFile {
  readonly path: string;
  #fd = -1;
  #opening = 0;
  #short = false;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads the whole file into the shared buffer and returns its length in bytes.
   * Throws what open(2) and read(2) answer (ENOENT, EINVAL, EIO …); the descriptor is then given back
   * and the next read opens anew.
   */
  read(): number {
    try {
      if (this.#opening !== opening) this.close();
      if (this.#fd < 0) {
        this.#opening = opening;
        this.#fd = openSync(this.path, 'r');
      }
      let length = 0;
      let room = this.#short ? PAGE : shared.length;
      for (;;) {
        // Sequence files hand out about a page per read; past that only 0 says that it was all.
        const n = readSync(this.#fd, shared, length, room, length);
        length += n;
        if (n === 0 || length < SURELY_ALL) break;
        if (length === shared.length) {
          if (length >= MAX_BYTES) break;
          grow();
        }
        room = shared.length - length;
      }
      this.#short = length < SURELY_ALL;
      return length;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(fd);
  }
}

/**
 * How much of the `length` shared bytes are whole lines. What stands behind the last newline is half a
 * line: a number there may be the beginning of a larger one, a name that of another. The kernel ends the
 * last line of its tables too.
 */
export function wholeLines(length: number): number {
  if (length === 0 || shared[length - 1] === NEWLINE) return length;
  return shared.lastIndexOf(NEWLINE, length - 1) + 1;
}

function grow(): void {
  const larger = new Uint8Array(shared.length * 2);
  larger.set(shared);
  shared = larger;
}

/** The first `length` shared bytes as text, one character per byte, so that nothing is lost on bytes that are not UTF-8. */
export function latin1(length: number): string {
  return Buffer.from(shared.buffer, 0, length).toString('latin1');
}

/** A label value from such text: read as UTF-8, what is not UTF-8 replaced by U+FFFD. */
export function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
