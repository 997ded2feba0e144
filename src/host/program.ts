/**
 * The shape of one kernel text file, compiled at discovery: for each token whether it must read as it
 * did then, is a number that goes into a slot, or is passed over. `scan.ts` runs it at every sample.
 */

/** What to do with the next token (or, for `rest` and `end`, the line). */
export const OP = { word: 0, number: 1, hex: 2, skip: 3, rest: 4 } as const;

/** How a number on the page of the file becomes base units: multiplied, or divided (exact for decimal fractions). */
export type Unit = { readonly times: number } | { readonly over: number };

export class Program {
  readonly ops: number[] = [];
  /** Slot of a number; offset into `words` of a word. */
  readonly args: number[] = [];
  /** Length of a word. */
  readonly lengths: number[] = [];
  readonly times: number[] = [];
  readonly over: number[] = [];
  readonly #words: number[] = [];
  words: Uint8Array = new Uint8Array(0);
  /** 1 for bytes between tokens; a newline is never one of them. */
  readonly separators: Uint8Array;

  constructor(separators: string) {
    this.separators = new Uint8Array(256);
    for (const c of separators) this.separators[c.charCodeAt(0)] = 1;
  }

  /** The next token must be this text (one character per byte), or the file has changed its shape. */
  word(text: string): void {
    this.#push(OP.word, this.#words.length, text.length, 1, 1);
    for (let i = 0; i < text.length; i++) this.#words.push(text.charCodeAt(i));
  }

  /** The next token is a decimal number for `slot`; a token that is none, or is missing, makes it absent. */
  number(slot: number, unit: Unit = { times: 1 }): void {
    const times = 'times' in unit ? unit.times : 1;
    const over = 'over' in unit ? unit.over : 1;
    this.#push(OP.number, slot, 0, times, over);
  }

  /** The next token is a hexadecimal number without prefix. */
  hex(slot: number): void {
    this.#push(OP.hex, slot, 0, 1, 1);
  }

  skip(count = 1): void {
    for (let i = 0; i < count; i++) this.#push(OP.skip, 0, 0, 1, 1);
  }

  /** Whatever is left of the line does not matter. Every line ends with this. */
  rest(): void {
    this.#push(OP.rest, 0, 0, 1, 1);
  }

  /** To be called once, after the last line. */
  seal(): void {
    this.words = Uint8Array.from(this.#words);
  }

  #push(op: number, arg: number, length: number, times: number, over: number): void {
    this.ops.push(op);
    this.args.push(arg);
    this.lengths.push(length);
    this.times.push(times);
    this.over.push(over);
  }
}

/** Splits a line as `scan` will. */
export function tokens(line: string, separators: Uint8Array): string[] {
  const out: string[] = [];
  let start = -1;
  for (let i = 0; i <= line.length; i++) {
    const between = i === line.length || separators[line.charCodeAt(i)] === 1;
    if (between && start >= 0) {
      out.push(line.slice(start, i));
      start = -1;
    } else if (!between && start < 0) start = i;
  }
  return out;
}
