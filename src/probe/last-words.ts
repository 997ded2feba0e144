/**
 * What a child said last, the best word there is on why it ended: the last line on its standard error. Where
 * the runtime reports a crash, that is what a library said of it before (an assertion that failed), or the
 * line that says how: the rest asks to report a fault of the runtime, and it is a library's.
 */

/** With what the report of Bun 1.4 begins. */
const REPORT = '='.repeat(60);
/** As it says how: `panic(main thread): Segmentation fault at address 0x10`. */
const PANIC = /^panic\([^)]*\): +/;
/** A fault of its own: whatever a library said before was about something else. */
const FAULT = /address 0x/;

export class LastWords {
  #text: string | undefined;
  #reporting = false;
  #panicked = false;

  /** Undefined where it said nothing. */
  get text(): string | undefined {
    return this.#text;
  }

  /** Takes in a line; false where it is of no use to anybody. */
  hear(line: string): boolean {
    if (this.#panicked) return false;
    this.#panicked = PANIC.test(line);
    if (this.#panicked) {
      if (this.#text !== undefined && this.#reporting && !FAULT.test(line)) return false;
    } else {
      this.#reporting ||= line === REPORT;
      if (this.#reporting) return false;
    }
    this.#text = line.replace(PANIC, '');
    return true;
  }
}
