/**
 * The probe of one kind as the serving process has it. Whatever a device, a driver or a library does to
 * the child, a scrape only ever copies memory.
 */
import type { Layout } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import { SELF } from '../catalog/self.ts';
import type { Incarnation } from './incarnation.ts';
import { Keeper } from './keeper.ts';
import { mappingDirectory } from './mapping.ts';
import {
  DEFAULT_DEADLINE,
  DEFAULT_INTERVALS,
  type ExpectedSource,
  type Intervals,
  type ProbeStatus,
  type SupervisorOptions,
} from './options.ts';
import { Quarantine } from './quarantine.ts';
import { StateSeries } from './state-series.ts';

/** Intervals after which a sample is too old to be shown. */
const TOO_OLD = 3;
/** Most milliseconds between two looks at the child. */
const LOOK = 500;

export class Supervisor {
  readonly kind: string;
  readonly #layout: Layout;
  readonly #intervals: Intervals;
  readonly #quarantine: Quarantine;
  readonly #expected: readonly ExpectedSource[];
  readonly #legacy: (() => unknown) | undefined;
  readonly #now: () => number;
  readonly #keeper: Keeper;
  readonly #series: StateSeries;
  /** Milliseconds between two looks at the child. */
  readonly #look: number;
  #looking: Timer | undefined;
  #lookedAt = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #stuckSince = Number.NaN;
  #sampleTime = Number.NaN;
  /** Whether the board holds values of the child. */
  #shown = false;

  constructor(options: SupervisorOptions) {
    const deadline = options.deadline ?? DEFAULT_DEADLINE;
    this.kind = options.kind;
    this.#layout = options.layout;
    this.#intervals = options.intervals ?? DEFAULT_INTERVALS;
    this.#quarantine = options.quarantine ?? new Quarantine();
    this.#expected = options.sources ?? [];
    this.#legacy = options.legacy;
    this.#now = options.now ?? (() => performance.now());
    this.#look = Math.max(10, Math.min(LOOK, deadline / 5));
    this.#series = new StateSeries(this.#layout, this.kind);
    const resolved = {
      ...options,
      deadline,
      directory: options.directory ?? mappingDirectory(),
      quarantine: this.#quarantine,
      now: this.#now,
      look: this.#look,
    };
    this.#keeper = new Keeper(resolved, this.#intervals.idle, {
      gone: (child) => {
        this.#inherit(child);
        this.#withdraw(child);
      },
      ended: (reason) => this.#series.count(reason),
    });
  }

  /** To be called once. */
  start(): void {
    this.#declareExpected();
    this.#inherit(undefined);
    this.#lookedAt = this.#now();
    this.#looking = setInterval(() => this.#lookAfter(), this.#look);
    this.#keeper.launch();
  }

  /** Its looks at the child: how often, and when the last one was. In milliseconds. */
  get clock(): { readonly name: string; readonly every: number; readonly at: number } {
    return { name: this.kind, every: this.#look, at: this.#lookedAt };
  }

  /** Whether there is a first sample, or it is known that none comes soon. */
  get ready(): boolean {
    const { state, child } = this.#keeper;
    if (state === 'failed' || state === 'stuck') return true;
    return child?.sampled === true && !child.sources?.some((s) => s.status === 'new');
  }

  /** Somebody reads: to be called at every scrape. Allocates nothing while scrapes come often enough. */
  touch(): void {
    this.#readAt = this.#now();
    if (this.#keeper.interval !== this.#intervals.busy) this.#keeper.pace(this.#intervals.busy);
  }

  /** Tells the child, and those after it, something of the kind's own (`Order.tell`). */
  tell(tell: unknown): void {
    this.#keeper.tell(tell);
  }

  /** Asks for a sample now. */
  poll(): void {
    this.#keeper.child?.process.order({ poll: true });
  }

  /**
   * Brings the newest sample to the board, takes away one that is too old, and writes the supervisor's
   * own series. To be called at every scrape; allocates nothing.
   */
  sample(): void {
    const { child, state, skipped } = this.#keeper;
    if (state === 'stopped') return;
    const now = this.#now();
    const { values } = this.#layout.board;
    if (child !== undefined) {
      if (child.take(values, now)) {
        this.#shown = true;
        this.#sampleTime = child.sampleTime;
      }
      if (this.#shown && child.age(now) > TOO_OLD * child.interval) this.#withdraw(child);
    }
    const stuck = Number.isNaN(this.#stuckSince) ? 0 : (now - this.#stuckSince) / 1000;
    this.#series.write(this.#shown, this.#sampleTime, stuck, skipped.length);
  }

  status(): ProbeStatus {
    const now = this.#now();
    this.#keeper.observe(now);
    const { state, child, since, lastError } = this.#keeper;
    return {
      kind: this.kind,
      state,
      pid: child?.process.pid,
      restarts: Object.fromEntries(this.#series.restarts),
      since,
      lastError,
      sampleAgeSeconds:
        this.#shown && child !== undefined ? Math.ceil(child.age(now)) / 1000 : undefined,
      skipped: this.#quarantine.skipped(now),
      stuck: this.#quarantine.stuck.map(({ pid, device, since: from }) => ({
        pid,
        device,
        seconds: (now - from) / 1000,
      })),
      sources: child?.sources ?? this.#expected.map((source) => silent(source, lastError)),
    };
  }

  /**
   * Ends the child and takes every series away. Done at once but for the child's end, which the promise
   * waits for, though not for long: a child that cannot be killed is left behind.
   */
  async stop(): Promise<void> {
    clearInterval(this.#looking);
    this.#inherit(this.#keeper.child);
    const ended = this.#keeper.stop();
    this.#shown = false;
    this.#layout.draft(this.#keeper.source).commit();
    this.#series.remove();
    await ended;
  }

  /** The first topology of a child takes the place of these. */
  #declareExpected(): void {
    const draft = this.#layout.draft(this.#keeper.source);
    for (const { name, collectors } of this.#expected) {
      const of = { collector: collectors[0] ?? name };
      this.#layout.board.values[draft.slot(SELF.sourceUp, { source: name }, of)] = 0;
    }
    draft.commit();
  }

  #lookAfter(): void {
    const now = this.#now();
    this.#lookedAt = now;
    const { idle, idleAfter } = this.#intervals;
    if (this.#keeper.interval !== idle && now - this.#readAt > idleAfter) this.#keeper.pace(idle);
    this.#keeper.lookAfter(now);
    this.#stuckSince = this.#quarantine.stuck[0]?.since ?? Number.NaN;
  }

  /** What this child has told since the last scrape is not on the board yet. */
  #inherit(child: Incarnation | undefined): void {
    if (this.#legacy === undefined) return;
    child?.take(this.#layout.board.values, this.#now());
    this.#keeper.tell(this.#legacy());
  }

  #withdraw(child: Incarnation): void {
    child.withdraw(this.#layout.board.values);
    this.#shown = false;
  }
}

/** A source of which no child says anything; `error`: why the last one ended. */
const silent = (source: ExpectedSource, error: string | undefined): SourceReport => ({
  ...source,
  status: error === undefined ? 'new' : 'failed',
  error,
  durationSeconds: Number.NaN,
  lastSuccess: undefined,
});
