/**
 * How busy the machine is, from the first line of /proc/stat: `cpu  5533 0 1108 174643 228 0 23 7 0 0`.
 * Measured between two ticks of a timer rather than between two scrapes: with two scrapers each would
 * otherwise see the time since the other one came. https://docs.kernel.org/filesystems/proc.html (part 1.7)
 */
import { contents, KernelFile, wholeLines } from './reader.ts';
import { scanEnd, scanNumber } from './scan.ts';

/** user nice system idle iowait irq softirq steal; the guest times behind them are part of user and nice. */
const FIELDS = 8;
const IDLE = 3;
const IOWAIT = 4;
const PREFIX = new TextEncoder().encode('cpu ');
const SPACE = 32;

export class CpuUsage {
  readonly #file: KernelFile;
  #last = new Float64Array(FIELDS).fill(Number.NaN);
  #now = new Float64Array(FIELDS).fill(Number.NaN);
  #percent = Number.NaN;

  constructor(path: string) {
    this.#file = new KernelFile(path);
  }

  /** Per cent, six decimals, over the last interval between two ticks; NaN until there was one. */
  get percent(): number {
    return this.#percent;
  }

  /** Ends an interval. To be called by a timer; allocates nothing. A file that cannot be read makes the usage unknown. */
  tick(): void {
    try {
      this.#read(wholeLines(this.#file.read()));
    } catch {
      this.#now.fill(Number.NaN);
    }
    let total = 0;
    let idle = 0;
    for (let i = 0; i < FIELDS; i++) {
      // The kernel takes idle and iowait back at times: no time was spent then. NaN stays NaN.
      const spent = Math.max(0, (this.#now[i] as number) - (this.#last[i] as number));
      total += spent;
      if (i === IDLE || i === IOWAIT) idle += spent;
    }
    this.#percent = total > 0 ? Math.round((1 - idle / total) * 1e8) / 1e6 : Number.NaN;
    const last = this.#last;
    this.#last = this.#now;
    this.#now = last;
  }

  close(): void {
    this.#file.close();
  }

  #read(length: number): void {
    const bytes = contents();
    this.#now.fill(Number.NaN);
    for (let i = 0; i < PREFIX.length; i++) if (bytes[i] !== PREFIX[i]) return;
    let at = PREFIX.length;
    for (let i = 0; i < FIELDS; i++) {
      while (at < length && bytes[at] === SPACE) at++;
      this.#now[i] = scanNumber(bytes, at, length);
      at = scanEnd();
    }
  }
}
