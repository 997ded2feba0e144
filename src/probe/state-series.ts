/** The supervisor's own series: how the probe fares. */
import type { Layout } from '../board/layout.ts';
import { PROBE } from '../catalog/probe.ts';

/** Reasons that are there with 0 from the start, so that the first restart is an increase. */
const USUAL = ['deadline', 'exit', 'spawn', 'SIGABRT', 'SIGBUS', 'SIGKILL', 'SIGSEGV'];

export class StateSeries {
  readonly restarts = new Map<string, number>(USUAL.map((reason) => [reason, 0]));
  readonly #layout: Layout;
  readonly #kind: string;
  #up = 0;
  #time = 0;
  #stuck = 0;
  #skipped = 0;

  constructor(layout: Layout, kind: string) {
    this.#layout = layout;
    this.#kind = kind;
    this.#declare();
  }

  count(reason: string): void {
    this.restarts.set(reason, (this.restarts.get(reason) ?? 0) + 1);
    this.#declare();
  }

  /** `time` Unix seconds, `stuck` seconds. Allocates nothing. */
  write(up: boolean, time: number, stuck: number, skipped: number): void {
    const { values } = this.#layout.board;
    values[this.#up] = up ? 1 : 0;
    values[this.#time] = time;
    values[this.#stuck] = stuck;
    values[this.#skipped] = skipped;
  }

  remove(): void {
    this.#layout.draft(this.#name).commit();
  }

  get #name(): string {
    return `probe:${this.#kind}:state`;
  }

  #declare(): void {
    const source = this.#kind;
    const draft = this.#layout.draft(this.#name);
    this.#up = draft.slot(PROBE.probeUp, { source });
    this.#time = draft.slot(PROBE.probeSampleTimestamp, { source });
    this.#stuck = draft.slot(PROBE.probeStuck, { source });
    this.#skipped = draft.slot(PROBE.probeDevicesSkipped, { source });
    for (const [reason, n] of this.restarts) {
      const slot = draft.slot(PROBE.probeRestarts, { source, reason });
      this.#layout.board.values[slot] = n;
    }
    draft.commit();
  }
}
