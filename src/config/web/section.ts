/** One mapping of a web configuration file: its values by key, each mistake told with its place. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { type Document, isEmpty, startOf } from '../document.ts';
import { nearest, unknownKey } from '../nearest.ts';

interface Entry {
  readonly at: number;
  readonly value: Node | null;
}

/** An element of a list, with the offset where it stands. */
export interface Item {
  readonly text: string;
  readonly at: number;
}

/** The readers answer undefined for what is not set: left out, empty, or wrong and told of. */
export class Section {
  readonly #entries = new Map<string, Entry>();
  readonly #document: Document;
  readonly #path: string;

  /** `known` are the keys it may have; undefined: any. */
  constructor(
    document: Document,
    node: unknown,
    path: string,
    known: readonly string[] | undefined,
  ) {
    this.#document = document;
    this.#path = path;
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      const below = known === undefined ? '' : `: ${known.join(', ')}`;
      const expected = path === '' ? 'expected keys and values' : `${path}: expected keys below it`;
      document.say(startOf(node), expected + below);
      return;
    }
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      if (known?.includes(name) === false)
        document.say(startOf(key), unknownKey(name, path, known));
      else this.#entries.set(name, { at: startOf(key), value: value as Node | null });
    }
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }

  has(key: string): boolean {
    return !isEmpty(this.#entries.get(key)?.value);
  }

  section(key: string, known: readonly string[] | undefined): Section {
    const path = this.#path === '' ? key : `${this.#path}.${key}`;
    return new Section(this.#document, this.#entries.get(key)?.value, path, known);
  }

  /** An empty text counts as none: that is how the format's other readers take it. */
  text(key: string): string | undefined {
    const value = this.#scalar(key, 'string', 'a text') as string | undefined;
    return value === '' ? undefined : value;
  }

  flag(key: string): boolean | undefined {
    return this.#scalar(key, 'boolean', 'true or false') as boolean | undefined;
  }

  count(key: string): number | undefined {
    const value = this.#scalar(key, 'number', 'a whole number') as number | undefined;
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
    this.complain(key, `${value} is not a whole number, 0 or more`);
    return undefined;
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    const value = values.find((v) => v === text);
    if (text !== undefined && value === undefined) {
      const meant = nearest(text, values);
      const hint = meant === undefined ? `one of ${values.join(', ')}` : `did you mean ${meant}?`;
      this.complain(key, `"${text}" is not known; ${hint}`);
    }
    return value;
  }

  texts(key: string): readonly Item[] {
    const value = this.#entries.get(key)?.value;
    if (isEmpty(value)) return [];
    if (!isSeq(value)) {
      this.complain(key, 'expected a list of texts');
      return [];
    }
    return value.items.flatMap((item): Item[] => {
      if (isScalar(item) && typeof item.value === 'string') {
        return [{ text: item.value, at: startOf(item) }];
      }
      this.complainAt(startOf(item), key, 'expected a text');
      return [];
    });
  }

  /** Tells of a mistake in the value of a key, or of the key where it has none. */
  complain(key: string, message: string): void {
    this.complainAt(this.#at(key), key, message);
  }

  /** The same for a part of the value. */
  complainAt(offset: number, key: string, message: string): void {
    this.#document.say(offset, `${this.#named(key)}${message}`);
  }

  /** `file:line:column: key` of a key's value, for mistakes that show later. */
  place(key: string): string {
    return `${this.#document.place(this.#at(key))}: ${this.#named(key).slice(0, -2)}`;
  }

  #at(key: string): number {
    const entry = this.#entries.get(key);
    return entry === undefined || isEmpty(entry.value) ? (entry?.at ?? 0) : startOf(entry.value);
  }

  #scalar(key: string, type: string, expected: string): unknown {
    const node = this.#entries.get(key)?.value;
    if (isEmpty(node)) return undefined;
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (typeof value === type) return value;
    const shown = isScalar(node)
      ? `${JSON.stringify(value)} is not ${expected}`
      : `expected ${expected}`;
    this.complain(key, shown);
    return undefined;
  }

  #named(key: string): string {
    const path = [this.#path, key].filter((part) => part !== '').join('.');
    return path === '' ? '' : `${path}: `;
  }
}
