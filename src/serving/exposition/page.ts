/**
 * A page in the text exposition format (Prometheus text 0.0.4 or OpenMetrics 1.0), read sample by sample.
 *
 * It is read where it lies: a sample that nobody wants costs a walk over its bytes and no memory. What is
 * not of the format is left out and counted, line by line, since one odd line says nothing about the next.
 */
import type { Labels } from '../../board/layout.ts';
import {
  beginsName,
  endOfName,
  HASH,
  NEWLINE,
  OPEN,
  RETURN,
  SPACE,
  skipBlanks,
  TAB,
  textOf,
} from './bytes.ts';
import { endOfLabels, type LabelSet, parseLabels } from './labels.ts';
import { parseValue } from './value.ts';

export const TYPES = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'unknown',
  'untyped',
  'info',
  'stateset',
  'gaugehistogram',
] as const;
export type FamilyType = (typeof TYPES)[number];

const META = /^#[ \t]+TYPE[ \t]+("(?:[^"\\]|\\.)*"|\S+)[ \t]+(\S+)[ \t]*$/;
const EOF = '# EOF';

export class Page {
  /** Lines that are not of the format. */
  malformed = 0;
  /** The last line lacks its end: it was left out. */
  truncated = false;
  /** The value of the sample; NaN where the page says NaN. */
  value = Number.NaN;
  /** What the page calls the type of each family, by name. */
  readonly types = new Map<string, FamilyType>();
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at = 0;
  #nameFrom = 0;
  #nameTo = 0;
  /** Between the braces; equal where there are none. */
  #labelsFrom = 0;
  #labelsTo = 0;
  #set: LabelSet | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    // What follows the last line's end may be half a number. An OpenMetrics page may end with its mark.
    this.truncated = last < bytes.length && textOf(bytes, last, bytes.length) !== EOF;
    this.#end = last;
  }

  /** Goes to the next sample; false at the end of the page. */
  next(): boolean {
    const bytes = this.#bytes;
    while (this.#at < this.#end) {
      const start = skipBlanks(bytes, this.#at);
      const first = bytes[start];
      const newline = bytes.indexOf(NEWLINE, start);
      this.#at = newline + 1;
      if (first === HASH) {
        if (this.#isLast(start, newline)) break;
      } else if (first !== NEWLINE && first !== RETURN) {
        if (this.#sample(start, newline)) return true;
        this.malformed++;
      }
    }
    this.#at = this.#end;
    return false;
  }

  /** The sample's name. */
  get name(): string {
    return this.#nameFrom === this.#nameTo
      ? (this.#labelSet()?.name ?? '')
      : textOf(this.#bytes, this.#nameFrom, this.#nameTo);
  }

  /** The sample's labels; `undefined` where what stands between the braces is malformed. */
  labels(): Labels | undefined {
    return this.#labelSet()?.labels;
  }

  /** The name and labels as they are written: equal texts are the same series. */
  get key(): string {
    return textOf(this.#bytes, this.#nameFrom, this.#labelsTo);
  }

  #labelSet(): LabelSet | undefined {
    this.#set ??= parseLabels(this.#bytes, this.#labelsFrom, this.#labelsTo);
    return this.#set;
  }

  /** Reads the line between `start` and `newline`; false where it is no sample. */
  #sample(start: number, newline: number): boolean {
    const bytes = this.#bytes;
    this.#set = undefined;
    this.#nameFrom = start;
    this.#nameTo = beginsName(bytes[start]) ? endOfName(bytes, start) : start;
    this.#labelsFrom = this.#nameTo;
    this.#labelsTo = this.#nameTo;
    let i = skipBlanks(bytes, this.#nameTo);
    if (bytes[i] === OPEN) {
      const close = endOfLabels(bytes, i + 1, newline);
      if (close < 0) return false;
      this.#labelsFrom = i + 1;
      this.#labelsTo = close;
      i = skipBlanks(bytes, close + 1);
    }
    const from = i;
    while (!isBlankOrEnd(bytes[i] as number)) i++;
    const value = parseValue(bytes, from, i);
    if (value === undefined || !this.#isTail(i, newline)) return false;
    this.value = value;
    return this.#nameFrom !== this.#nameTo || this.#labelSet()?.name !== undefined;
  }

  /** Whether what follows a value is what may: a time stamp, an exemplar. */
  #isTail(at: number, newline: number): boolean {
    const bytes = this.#bytes;
    let i = skipBlanks(bytes, at);
    const from = i;
    while (!isBlankOrEnd(bytes[i] as number) && bytes[i] !== HASH) i++;
    if (i > from && parseValue(bytes, from, i) === undefined) return false;
    i = skipBlanks(bytes, i);
    if (bytes[i] === RETURN) i++;
    return i === newline || bytes[i] === HASH;
  }

  /** Takes the type out of a comment; true at the mark that ends an OpenMetrics page. */
  #isLast(start: number, newline: number): boolean {
    const bytes = this.#bytes;
    // `# T` of TYPE, `# E` of EOF: most comments are HELP.
    const kind = bytes[skipBlanks(bytes, start + 1)];
    if (kind !== 0x54 && kind !== 0x45) return false;
    const line = textOf(bytes, start, newline).trimEnd();
    if (line === EOF) return true;
    const [, name, type] = META.exec(line) ?? [];
    const known = TYPES.find((t) => t === type);
    if (name !== undefined && known !== undefined) this.types.set(name.replace(/"/g, ''), known);
    return false;
  }
}

const isBlankOrEnd = (c: number): boolean =>
  c === SPACE || c === NEWLINE || c === TAB || c === RETURN;
