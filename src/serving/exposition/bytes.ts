/** Which byte may stand where in the text exposition format. */

export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const COMMA = 0x2c;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const SPACE = 0x20;
export const TAB = 0x09;

const NAME_FIRST = 1;
const NAME = 2;

const classes = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const text = String.fromCharCode(c);
  if (/[A-Za-z_:]/.test(text)) classes[c] = NAME_FIRST | NAME;
  else if (/[0-9]/.test(text)) classes[c] = NAME;
}

/** A letter, `_` or `:`, with which a metric's name begins. */
export const beginsName = (byte: number | undefined): boolean =>
  byte !== undefined && ((classes[byte] as number) & NAME_FIRST) !== 0;

/** Index of the first byte from `at` on that is not of a name. */
export function endOfName(bytes: Uint8Array, at: number): number {
  let i = at;
  while (((classes[bytes[i] as number] as number) & NAME) !== 0) i++;
  return i;
}

/** Index of the first byte from `at` on that is neither a space nor a tab. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  let i = at;
  while (bytes[i] === SPACE || bytes[i] === TAB) i++;
  return i;
}

// A label may begin with what begins some files.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  utf8.decode(bytes.subarray(from, to));
