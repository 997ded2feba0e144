/**
 * What a child said last, the best word there is on why it ended: the last line on its standard error. Of a
 * runtime that crashed, the line that says how: what comes behind it asks to report a fault of the runtime,
 * and it is a library's.
 */

/** As Bun 1.4 starts it: `panic(main thread): Segmentation fault at address 0x10`. */
const PANIC = /^panic\([^)]*\): +/;

export class LastWords {
  #text: string | undefined;
  #panicked = false;

  /** Undefined where it said nothing. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Takes in a line; false where it is of no use to anybody. */
  hear(line: string): boolean {
    if (this.#panicked) return false;
    this.#panicked = PANIC.test(line);
    this.#text = line.replace(PANIC, '');
    return true;
  }
}
