/** One device as a sensor source sees it: what is read from its directory, and where it goes. */
import type { Draft } from '../board/layout.ts';
import { number, type Reading } from './numbers.ts';
import { inode, readText } from './sysfs.ts';

interface Attribute {
  readonly path: string;
  readonly slots: readonly number[];
  readonly reading: (text: string, at: number) => number;
  readonly slow: boolean;
}

interface Watched {
  readonly path: string;
  readonly text: string | undefined;
}

export interface AttributeOptions {
  readonly reading?: Reading;
  /** So seldom different that reading it after each discovery is enough (limits, hardware ranges). */
  readonly slow?: boolean;
}

export class Device {
  /** Where its attributes are, and what a guard calls it. */
  readonly directory: string;
  readonly draft: Draft;
  readonly #inode: number | undefined;
  readonly #attributes: Attribute[] = [];
  readonly #watched: Watched[] = [];
  readonly #constants: { readonly slot: number; readonly value: number }[] = [];
  readonly #computed: { readonly slot: number; readonly value: () => number }[] = [];
  #fresh = true;

  constructor(directory: string, draft: Draft) {
    this.directory = directory;
    this.draft = draft;
    this.#inode = inode(directory);
  }

  /** Path of one of its attributes. */
  path(name: string): string {
    return `${this.directory}/${name}`;
  }

  /** The attribute `name` goes into `slot`. */
  number(name: string, slot: number, options: AttributeOptions = {}): void {
    const { reading = number, slow = false } = options;
    this.#attributes.push({ path: this.path(name), slots: [slot], reading, slow });
  }

  /** One attribute tells several numbers: `reading` answers for the slot at `at`. */
  numbers(
    name: string,
    slots: readonly number[],
    reading: (text: string, at: number) => number,
    slow = false,
  ): void {
    this.#attributes.push({ path: this.path(name), slots, reading, slow });
  }

  /** Has this value for as long as the device is there. */
  constant(slot: number, value = 1): void {
    this.#constants.push({ slot, value });
  }

  /** Is computed at each sample, after the attributes were read. */
  computed(slot: number, value: () => number): void {
    this.#computed.push({ slot, value });
  }

  /** Text that is part of a label, or says what there is to read: once it differs, the device is looked at anew. */
  watch(name: string): string | undefined {
    const path = this.path(name);
    const text = readText(path);
    this.#watched.push({ path, text });
    return text;
  }

  /** Reads everything. Answers false where this is no longer the device that was looked at. */
  sample(values: Float64Array): boolean {
    if (inode(this.directory) !== this.#inode) return false;
    for (const { path, text } of this.#watched) {
      if (readText(path) !== text) return false;
    }
    for (const { slot, value } of this.#constants) values[slot] = value;
    for (const { path, slots, reading, slow } of this.#attributes) {
      if (slow && !this.#fresh) continue;
      const text = readText(path);
      for (const [at, slot] of slots.entries()) {
        values[slot] = text === undefined ? Number.NaN : reading(text, at);
      }
    }
    for (const { slot, value } of this.#computed) values[slot] = value();
    this.#fresh = false;
    return true;
  }

  /** Makes all of it absent; the next sample reads the slow attributes too. */
  blank(values: Float64Array): void {
    for (const { slot } of this.#constants) values[slot] = Number.NaN;
    for (const { slots } of this.#attributes) {
      for (const slot of slots) values[slot] = Number.NaN;
    }
    for (const { slot } of this.#computed) values[slot] = Number.NaN;
    this.#fresh = true;
  }
}
