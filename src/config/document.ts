/** A YAML file as it is read here: strictly, with the place of every mistake. */
import {
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLParseError,
  type YAMLWarning,
  type Document as Yaml,
} from 'yaml';

/** Tells of a mistake at an offset into the text. */
export type Say = (offset: number, message: string) => void;

export interface Document {
  /** What stands at the top; null or a scalar null where the file is empty. */
  readonly root: unknown;
  /** The same as the parser has it: aliases are looked up in it. */
  readonly doc: Yaml;
  /** Mistakes so far in the order of their places, each `file:line:column: what is wrong`; `say` adds to them. */
  readonly problems: readonly string[];
  readonly say: Say;
  /** `file:line:column` of an offset. */
  readonly place: (offset: number) => string;
}

/** Reads a text. `file` is what the messages call it. Mistakes of YAML itself are among the problems. */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
    merge: false,
    prettyErrors: false,
  });
  const found: { readonly offset: number; readonly text: string }[] = [];
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const say = (offset: number, message: string): void => {
    found.push({ offset, text: `${place(offset)}: ${message}` });
  };
  for (const error of [...doc.errors, ...doc.warnings]) {
    say(error.pos[0], inWords(error, text));
  }
  return {
    root: doc.contents,
    doc,
    get problems() {
      return found.toSorted((a, b) => a.offset - b.offset).map(({ text }) => text);
    },
    say,
    place,
  };
}

/** What the parser says, where that is about YAML; its advice to programmers is said otherwise. */
function inWords({ code, message, pos }: YAMLParseError | YAMLWarning, text: string): string {
  if (code === 'DUPLICATE_KEY') return `the key "${keyAt(text, pos[0])}" stands here a second time`;
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a configuration is one';
  return message.split('\n')[0] ?? message;
}

const keyAt = (text: string, at: number): string => /^[^\s:,{}]*/.exec(text.slice(at))?.[0] ?? '';

/** Where a node begins. */
export const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

export const isEmpty = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);
