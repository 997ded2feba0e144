/** Names found in kernel tables, looked up by their bytes: a Map would need a string per look-up. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export class NameTable {
  /** Entry number + 1 at the name's hash or the next place free; a power of two, at most half full. */
  #places = new Int32Array(16);
  #names: Uint8Array[] = [];

  get size(): number {
    return this.#names.length;
  }

  /** The names by number, as label values: read as UTF-8, what is not UTF-8 replaced by U+FFFD. */
  get labels(): string[] {
    return this.#names.map((name) => Buffer.from(name).toString('utf8'));
  }

  /** Adds the name `bytes[from, to)` and answers its number; one that is there keeps its number. */
  add(bytes: Uint8Array, from: number, to: number): number {
    const known = this.find(bytes, from, to);
    if (known >= 0) return known;
    this.#names.push(Uint8Array.from(bytes.subarray(from, to)));
    if (this.#names.length * 2 > this.#places.length) this.#grow();
    else this.#place(this.#names.length - 1);
    return this.#names.length - 1;
  }

  /** The number of the name `bytes[from, to)`, -1 where it was never added. Allocates nothing. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#places.length - 1;
    let place = hash(bytes, from, to) & mask;
    for (;;) {
      const number = (this.#places[place] as number) - 1;
      if (number < 0) return -1;
      if (same(this.#names[number] as Uint8Array, bytes, from, to)) return number;
      place = (place + 1) & mask;
    }
  }

  clear(): void {
    this.#places.fill(0);
    this.#names = [];
  }

  #grow(): void {
    this.#places = new Int32Array(this.#places.length * 2);
    for (let number = 0; number < this.#names.length; number++) this.#place(number);
  }

  #place(number: number): void {
    const name = this.#names[number] as Uint8Array;
    const mask = this.#places.length - 1;
    let place = hash(name, 0, name.length) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = number + 1;
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let sum = FNV_OFFSET;
  for (let i = from; i < to; i++) sum = Math.imul(sum ^ (bytes[i] as number), FNV_PRIME);
  // FNV's low bits are weak on names that differ in one digit.
  return sum ^ (sum >>> 15);
}

function same(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
  return true;
}
