/** Runs the sources: discovers, samples, times and isolates each, and says how each fares. */
import { SELF } from '../catalog/self.ts';
import type { Draft, Layout } from './layout.ts';
import { NoData, SAMPLE, type Source } from './source.ts';

/** Seconds between tries of a source that failed or found nothing; doubles up to the last. */
const RETRY_FIRST = 10;
const RETRY_LAST = 60;
/** Tries without a pause of a source whose shape changes while it is looked at. */
const SOON = 5;
const UNSTABLE = 'its shape changed twice within one sample';

/** `new`: not sampled yet. */
export type SourceStatus = 'new' | 'ok' | 'absent' | 'failed';

/** What the status page and `doctor` say of one source. */
export interface SourceReport {
  readonly name: string;
  readonly collectors: readonly string[];
  readonly status: SourceStatus;
  readonly error: string | undefined;
  readonly durationSeconds: number;
  readonly lastSuccess: number | undefined;
}

interface State {
  readonly source: Source;
  status: SourceStatus;
  error: string | undefined;
  discovered: boolean;
  duration: number;
  lastSuccess: number;
  retryAt: number;
  retryAfter: number;
  /** How often in a row its shape changed while it was looked at. */
  unstable: number;
  /** Slots of the source's up, duration and last success. */
  slots: { readonly up: number; readonly duration: number; readonly success: number };
  /** Pairs of slots, duration and success, of each collector that this source answers for. */
  collectorSlots: number[];
}

/** Told once per source and reason, not once per scrape. */
export type Complain = (source: string, message: string) => void;

export class Registry {
  readonly layout: Layout;
  readonly #states: State[];
  readonly #complain: Complain;
  readonly #collectors: string[] = [];

  constructor(layout: Layout, sources: readonly Source[], complain: Complain = () => {}) {
    this.layout = layout;
    this.#complain = complain;
    this.#states = sources.map((source) => ({
      source,
      status: 'new',
      error: undefined,
      discovered: false,
      duration: Number.NaN,
      lastSuccess: Number.NaN,
      retryAt: 0,
      retryAfter: RETRY_FIRST,
      unstable: 0,
      slots: { up: 0, duration: 0, success: 0 },
      collectorSlots: [],
    }));
    this.#declareStates();
    for (const state of this.#states) {
      for (const c of state.source.collectors) {
        if (!this.#collectors.includes(c)) this.#collectors.push(c);
      }
    }
  }

  /** Every collector that some source serves. */
  get collectors(): readonly string[] {
    return this.#collectors;
  }

  /** Discovers every source that has not been, or whose time to be tried again has come. Not for the hot path. */
  discover(): void {
    const now = this.layout.now();
    for (const state of this.#states) {
      if (!state.discovered && now >= state.retryAt) this.#discover(state);
    }
  }

  /** Looks again at everything, whatever its state: what appeared is found, what is gone is dropped. */
  rediscover(): void {
    for (const state of this.#states) this.#discover(state);
  }

  /**
   * Which sources a set of collectors needs: one byte per source, for `sample`.
   * `wanted` answers for a collector's name.
   */
  selection(wanted: (collector: string) => boolean): Uint8Array {
    return Uint8Array.from(this.#states, (s) => (s.source.collectors.some(wanted) ? 1 : 0));
  }

  /** Samples the selected sources (all without one). Allocates nothing while the topology is quiet. */
  sample(selection?: Uint8Array): void {
    for (let i = 0; i < this.#states.length; i++) {
      const state = this.#states[i] as State;
      if (selection !== undefined && selection[i] === 0) continue;
      if (state.discovered) this.#sample(state);
      this.#publish(state, this.layout.board.values);
    }
  }

  reports(): SourceReport[] {
    return this.#states.map((s) => ({
      name: s.source.name,
      collectors: s.source.collectors,
      status: s.status === 'ok' && s.source.complete?.() === false ? 'new' : s.status,
      error: s.error,
      durationSeconds: s.duration,
      lastSuccess: Number.isNaN(s.lastSuccess) ? undefined : s.lastSuccess,
    }));
  }

  close(): void {
    for (const state of this.#states) state.source.close();
  }

  #sample(state: State): void {
    const started = performance.now();
    try {
      let code = state.source.sample(this.layout.board.values);
      if (code === SAMPLE.rescan) {
        this.#discover(state);
        if (!state.discovered) return;
        code = state.source.sample(this.layout.board.values);
        // It changes faster than it can be looked at: rather nothing than half.
        if (code === SAMPLE.rescan) throw new Error(UNSTABLE);
      }
      state.status = 'ok';
      state.error = undefined;
      state.retryAfter = RETRY_FIRST;
      state.unstable = 0;
      state.lastSuccess = this.layout.now();
    } catch (error) {
      this.#fail(state, error);
    } finally {
      state.duration = Math.round((performance.now() - started) * 1e6) / 1e9;
    }
  }

  #discover(state: State): void {
    const draft: Draft = this.layout.draft(state.source.name);
    try {
      state.source.discover(draft);
      state.discovered = true;
    } catch (error) {
      this.#fail(state, error);
    }
    draft.commit();
    if (!state.discovered) this.layout.withdraw(state.source.name);
  }

  /** The source is left alone until its time comes: an exception per scrape would be an allocation per scrape. */
  #fail(state: State, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const status = error instanceof NoData ? 'absent' : 'failed';
    if (status === 'failed' && state.error !== message) this.#complain(state.source.name, message);
    state.status = status;
    state.error = message;
    state.discovered = false;
    // A device that is being removed loses its files one by one: what it had around it is there again at once.
    const soon = message === UNSTABLE && ++state.unstable <= SOON;
    state.retryAt = soon ? 0 : this.layout.now() + state.retryAfter;
    if (!soon) state.retryAfter = Math.min(state.retryAfter * 2, RETRY_LAST);
    this.layout.withdraw(state.source.name);
  }

  #publish(state: State, values: Float64Array): void {
    const up = state.status === 'ok' ? 1 : 0;
    values[state.slots.up] = up;
    values[state.slots.duration] = state.duration;
    values[state.slots.success] = state.lastSuccess;
    for (let k = 0; k < state.collectorSlots.length; k += 2) {
      values[state.collectorSlots[k] as number] = state.duration;
      values[state.collectorSlots[k + 1] as number] = up;
    }
  }

  #declareStates(): void {
    const draft = this.layout.draft('registry');
    const answered = new Set<string>();
    for (const state of this.#states) {
      const { name, collectors } = state.source;
      const source = { source: name };
      // collect[] shows a collector's own state with it, so these series belong to its collector.
      const of = { collector: collectors[0] ?? name };
      state.slots = {
        up: draft.slot(SELF.sourceUp, source, of),
        duration: draft.slot(SELF.sourceDuration, source, of),
        success: draft.slot(SELF.sourceLastSuccess, source, of),
      };
      for (const collector of collectors) {
        if (answered.has(collector)) continue;
        answered.add(collector);
        state.collectorSlots.push(
          draft.slot(SELF.collectorDuration, { collector }, { collector }),
          draft.slot(SELF.collectorSuccess, { collector }, { collector }),
        );
      }
    }
    draft.commit();
  }
}
