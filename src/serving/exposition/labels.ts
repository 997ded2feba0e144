/** The labels of a sample, between its braces. */
import {
  BACKSLASH,
  beginsName,
  CLOSE,
  COMMA,
  EQUALS,
  endOfName,
  QUOTE,
  skipBlanks,
  textOf,
} from './bytes.ts';

/** Index of the quote that ends the text which begins behind `at`, or -1 where none does before `end`. */
export function endOfText(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const c = bytes[i];
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i++;
  }
  return -1;
}

/** Index of the brace that closes the labels which begin at `at`, or -1 where none does before `end`. */
export function endOfLabels(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const c = bytes[i];
    if (c === CLOSE) return i;
    if (c !== QUOTE) continue;
    i = endOfText(bytes, i + 1, end);
    if (i < 0) return -1;
  }
  return -1;
}

export interface LabelSet {
  /** The name that stands among the labels where it is not a plain one: `{"http.time",code="200"}`. */
  readonly name: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The labels between `from` and `to`; a comma may follow the last. `undefined` where they are malformed or
 * one is there twice.
 */
export function parseLabels(bytes: Uint8Array, from: number, to: number): LabelSet | undefined {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  let name: string | undefined;
  let i = skipBlanks(bytes, from);
  while (i < to) {
    const quoted = bytes[i] === QUOTE;
    const begin = quoted ? i + 1 : i;
    const end = quoted ? endOfText(bytes, begin, to) : endOfName(bytes, i);
    if (quoted ? end < 0 : !beginsName(bytes[i]) || end > to) return undefined;
    const key = quoted ? unescaped(textOf(bytes, begin, end)) : textOf(bytes, begin, end);
    i = skipBlanks(bytes, quoted ? end + 1 : end);
    if (bytes[i] === EQUALS && i < to) {
      i = skipBlanks(bytes, i + 1);
      if (bytes[i] !== QUOTE || key in labels) return undefined;
      const last = endOfText(bytes, i + 1, to);
      if (last < 0) return undefined;
      labels[key] = unescaped(textOf(bytes, i + 1, last));
      i = skipBlanks(bytes, last + 1);
    } else if (quoted && name === undefined) name = key;
    else return undefined;
    if (i >= to) break;
    if (bytes[i] !== COMMA) return undefined;
    i = skipBlanks(bytes, i + 1);
  }
  return { name, labels };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** A backslash before any other character stands for itself. */
const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([n"\\])/g, (_, c: string) => ESCAPED[c] as string) : text;
