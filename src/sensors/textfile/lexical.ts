/** The small parts of the text format. What cannot be read throws SyntaxError. */

/** Go's ParseFloat without hexadecimal numbers, which the format does not have. */
const FLOAT = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?|nan)$/i;

/** A value, or undefined where the text is none or too large for a double. */
export function readFloat(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  const word = text.toLowerCase();
  if (word === 'nan') return Number.NaN;
  if (word.includes('inf')) {
    return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The text of HELP with its escapes undone; bytes that are not UTF-8 become U+FFFD. */
export function readHelp(text: string): string {
  const plain = text.replace(/\\(.?)/gs, (whole, c: string) => {
    if (c === 'n') return '\n';
    if (c === '\\' || c === '"') return c;
    throw new SyntaxError(`HELP has the invalid escape ${whole}`);
  });
  return Buffer.from(plain, 'latin1').toString('utf8');
}

const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\["\\n])*)"[ \t]*([,}])/y;
const OPEN = /[ \t]*\{/y;
const CLOSE = /[ \t]*\}/y;

/** The labels at `at` in a sample's line, none without a brace, and where they end. */
export function readLabels(
  line: string,
  at: number,
): { readonly labels: Record<string, string>; readonly end: number } {
  const labels: Record<string, string> = Object.create(null);
  OPEN.lastIndex = at;
  if (!OPEN.test(line)) return { labels, end: at };
  let end = OPEN.lastIndex;
  for (;;) {
    CLOSE.lastIndex = end;
    if (CLOSE.test(line)) return { labels, end: CLOSE.lastIndex };
    LABEL.lastIndex = end;
    const [, name, value, next] = LABEL.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new SyntaxError(`no label can be read from ${line.slice(end, end + 40)}`);
    }
    end = LABEL.lastIndex;
    if (name.startsWith('__')) throw new SyntaxError(`the label name ${name} is reserved`);
    if (name in labels) throw new SyntaxError(`the label ${name} is there twice`);
    labels[name] = labelValue(value);
    if (next === '}') return { labels, end };
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function labelValue(text: string): string {
  const plain = text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  try {
    return strict.decode(Buffer.from(plain, 'latin1'));
  } catch {
    throw new SyntaxError('a label value is not UTF-8');
  }
}
