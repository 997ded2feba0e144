/**
 * Highest of what the driver sampled in the last 30 seconds: between two scrapes a GPU may be busy, or
 * draw power, for a moment that no scrape sees. Who asks when makes no difference to it.
 */
import { RETURN, SampleList } from '../../../ffi/nvml.ts';
import type { Signal } from '../../catalog/signal.ts';
import type { Gpu } from './group.ts';
import { count, isAhead } from './policy.ts';
import type { Question } from './table.ts';

const WINDOW_SECONDS = 30;
const MICROSECONDS = 1e6;

/**
 * The maximum of a sliding window, kept as one maximum per second. Time is that of the samples, since only
 * the driver knows when it took them, and runs on with the caller's clock where no sample comes.
 */
export class SlidingMaximum {
  /** Maximum of the second whose number, modulo the length, is the index; and that number. */
  readonly #maximum = new Float64Array(WINDOW_SECONDS).fill(Number.NaN);
  readonly #second = new Float64Array(WINDOW_SECONDS).fill(Number.NaN);
  #newest = Number.NEGATIVE_INFINITY;
  #newestAt = 0;

  /** `time` in seconds of the driver's clock, `now` in seconds of the caller's. NaN counts for nothing. */
  add(time: number, value: number, now: number): void {
    if (Number.isNaN(value)) return;
    if (time > this.#newest) {
      this.#newest = time;
      this.#newestAt = now;
    }
    const second = Math.floor(time);
    const at = second % WINDOW_SECONDS;
    const kept = this.#second[at] as number;
    if (kept === second) this.#maximum[at] = Math.max(this.#maximum[at] as number, value);
    else if (!(kept > second)) {
      this.#second[at] = second;
      this.#maximum[at] = value;
    }
  }

  /** NaN where the window has no sample. */
  read(now: number): number {
    const last = Math.floor(this.#newest + (now - this.#newestAt));
    let out = Number.NaN;
    for (let i = 0; i < WINDOW_SECONDS; i++) {
      const value = this.#maximum[i] as number;
      const inside = (this.#second[i] as number) > last - WINDOW_SECONDS;
      if (inside && !(value <= out)) out = value;
    }
    return out;
  }
}

/** What the last question was answered: one for all, since each takes in what it needs at once. */
const samples = new SampleList();

/** Peak over a sampling type of nvmlDeviceGetSamples; `policy` judges each sample. */
export function peak(
  gpu: Gpu,
  type: number,
  signal: Signal,
  policy: (x: number) => number,
): Question {
  let window = new SlidingMaximum();
  /** Microseconds of the newest sample that was taken in. */
  let since = 0;
  return {
    series: [signal],
    ask(answer) {
      const now = performance.now() / 1000;
      if (isAhead(since)) {
        since = 0;
        window = new SlidingMaximum();
      }
      const rc = gpu.nvml.fields.samples(gpu.handle, type, since, samples);
      let newest = since;
      for (let i = 0; rc === RETURN.success && i < samples.length; i++) {
        const time = count(samples.timestamp[i] as number);
        // The buffer is a ring that is handed out as it lies: places that were never written are 0.
        if (!(time > since)) continue;
        window.add(time / MICROSECONDS, policy(samples.value[i] as number), now);
        if (time > newest) newest = time;
      }
      since = newest;
      answer[0] = window.read(now);
      return rc;
    },
  };
}
