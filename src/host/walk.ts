/** Steps over the bytes of a kernel text file, for tables whose rows come and go. They allocate nothing. */

const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;

/** First byte from `at` that is neither space nor tab. */
export function skipBlanks(bytes: Uint8Array, at: number, length: number): number {
  let i = at;
  while (i < length && (bytes[i] === SPACE || bytes[i] === TAB)) i++;
  return i;
}

/** First byte from `at` that is no longer part of the token there. */
export function skipToken(bytes: Uint8Array, at: number, length: number): number {
  let i = at;
  while (i < length && bytes[i] !== SPACE && bytes[i] !== TAB && bytes[i] !== NEWLINE) i++;
  return i;
}

/** Where the token behind `count` tokens starts. */
export function skipColumns(bytes: Uint8Array, at: number, length: number, count: number): number {
  let i = skipBlanks(bytes, at, length);
  for (let k = 0; k < count; k++) i = skipBlanks(bytes, skipToken(bytes, i, length), length);
  return i;
}

/** The newline that ends the line at `at`, or `length`. */
export function endOfLine(bytes: Uint8Array, at: number, length: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline < 0 || newline > length ? length : newline;
}

/** Whether `word` (one character per byte) stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, length: number, word: string): boolean {
  if (at + word.length > length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Where `word` stands first in `[at, length)`, -1 where it does not. */
export function indexOfWord(bytes: Uint8Array, at: number, length: number, word: string): number {
  for (let i = at; i + word.length <= length; i++) if (standsAt(bytes, i, length, word)) return i;
  return -1;
}

/** How often `word` stands in `[at, length)`. */
export function countWord(bytes: Uint8Array, at: number, length: number, word: string): number {
  let count = 0;
  for (let i = at; i < length; i++) if (standsAt(bytes, i, length, word)) count++;
  return count;
}
