/**
 * `statistics/rx_nohandler` of each interface: the one counter of node_exporter's default set that is
 * not in /proc/net/dev. The kernel adds it up in memory, as it does for that table.
 * https://docs.kernel.org/networking/statistics.html
 */
import { existsSync } from 'node:fs';
import { contents, KernelFile } from './reader.ts';
import { scanNumber } from './scan.ts';

/** Files kept open: each pins 4.5 kB of kernel memory, and a host of containers has thousands of interfaces. */
const KEPT_OPEN = 256;

export class NoHandlerCounters {
  readonly #root: string;
  #slots: number[] = [];
  /** Undefined: not to be read before the next discovery, since an exception per scrape is an allocation per scrape. */
  #files: (KernelFile | undefined)[] = [];

  /** `root`: the folder of the interfaces, `/sys/class/net`. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Adds the counter of an interface, if it has one; `declare` answers its slot. */
  add(device: string, declare: () => number): void {
    const path = `${this.#root}/${device}/statistics/rx_nohandler`;
    if (!existsSync(path)) return;
    this.#files.push(new KernelFile(path));
    this.#slots.push(declare());
  }

  /** Reads every counter into its slot; NaN where it cannot be read. */
  sample(values: Float64Array): void {
    for (let k = 0; k < this.#slots.length; k++) values[this.#slots[k] as number] = this.#read(k);
  }

  /** Forgets all counters and gives their descriptors back. */
  clear(): void {
    for (const file of this.#files) file?.close();
    this.#files = [];
    this.#slots = [];
  }

  #read(k: number): number {
    const file = this.#files[k];
    if (file === undefined) return Number.NaN;
    // An interface that went and came back under its name leaves a dead descriptor: a second try opens anew.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const length = file.read();
        const value = scanNumber(contents(), 0, length);
        if (k >= KEPT_OPEN) file.close();
        return value;
      } catch {}
    }
    this.#files[k] = undefined;
    return Number.NaN;
  }
}
