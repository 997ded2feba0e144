/**
 * Keeps the probe of one kind alive and brings its values to the board. Whatever a device, a driver or
 * a library does to the child, a scrape only ever copies memory.
 */
import type { Layout } from '../board/layout.ts';
import { Backoff } from './backoff.ts';
import { Incarnation } from './incarnation.ts';
import { mappingDirectory, sweepMappings } from './mapping.ts';
import { parseMessage, type Report } from './messages.ts';
import {
  DEFAULT_BACKOFF,
  DEFAULT_DEADLINE,
  DEFAULT_INTERVALS,
  type Intervals,
  type ProbeState,
  type ProbeStatus,
  type SupervisorOptions,
} from './options.ts';
import { childEnvironment, type Exit, mainThreadEnded, ProbeProcess, within } from './process.ts';
import { Quarantine, type Skipped } from './quarantine.ts';
import { StateSeries } from './state-series.ts';

/** Milliseconds that a killed child may take to end before it counts as stuck. */
const REAP = 1000;
/** Milliseconds that a child may take to end once it is asked to, and once it is killed, when the parent stops. */
const GRACE = 300;
/** Deadlines that a child has until its mapping is there: a cold disk holds a hundred megabytes of runtime. */
const START_DEADLINES = 3;
/** Intervals after which a sample is too old to be shown. */
const TOO_OLD = 3;
/** Lines of a child's standard error that are passed on between two looks at it. */
const RELAYED = 20;

export class Supervisor {
  readonly kind: string;
  readonly #options: SupervisorOptions;
  readonly #layout: Layout;
  readonly #intervals: Intervals;
  readonly #deadline: number;
  readonly #quarantine: Quarantine;
  readonly #directory: string;
  readonly #now: () => number;
  readonly #series: StateSeries;
  readonly #backoff: Backoff;
  readonly #healthy: number;
  /** Milliseconds between two looks at the child. */
  readonly #look: number;
  #looking: Timer | undefined;
  #restart: Timer | undefined;

  #state: ProbeState = 'stopped';
  #since: number;
  #lastError: string | undefined;
  #child: Incarnation | undefined;
  #interval: number;
  #readAt = Number.NEGATIVE_INFINITY;
  #skipped: readonly Skipped[] = [];
  #stuckSince = Number.NaN;
  #sampleTime = Number.NaN;
  /** Whether the board holds values of the child. */
  #shown = false;
  #relayed = 0;

  constructor(options: SupervisorOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#layout = options.layout;
    this.#intervals = options.intervals ?? DEFAULT_INTERVALS;
    this.#deadline = options.deadline ?? DEFAULT_DEADLINE;
    const { first, last } = options.backoff ?? DEFAULT_BACKOFF;
    this.#backoff = new Backoff(first, last);
    this.#healthy = last;
    this.#quarantine = options.quarantine ?? new Quarantine();
    this.#directory = options.directory ?? mappingDirectory();
    this.#now = options.now ?? (() => performance.now());
    this.#series = new StateSeries(this.#layout, this.kind);
    this.#look = Math.max(10, Math.min(1000, this.#deadline / 5));
    this.#interval = this.#intervals.idle;
    this.#since = this.#layout.now();
  }

  start(): void {
    if (this.#looking !== undefined) return;
    this.#looking = setInterval(() => this.#lookAfter(), this.#look);
    this.#launch();
  }

  /** Whether there is a first sample, or it is known that none comes soon. */
  get ready(): boolean {
    return this.#state === 'failed' || this.#state === 'stuck' || this.#child?.sampled === true;
  }

  /** Somebody reads: to be called at every scrape. Allocates nothing while scrapes come often enough. */
  touch(): void {
    this.#readAt = this.#now();
    if (this.#interval !== this.#intervals.busy) this.#pace(this.#intervals.busy);
  }

  /** Asks for a sample now. */
  poll(): void {
    this.#child?.process.order({ poll: true });
  }

  /**
   * Brings the newest sample to the board, takes away one that is too old, and writes the supervisor's
   * own series. To be called at every scrape; allocates nothing.
   */
  sample(): void {
    if (this.#state === 'stopped') return;
    const now = this.#now();
    const { values } = this.#layout.board;
    const child = this.#child;
    if (child !== undefined) {
      if (child.take(values, now)) {
        this.#shown = true;
        this.#sampleTime = child.sampleTime;
      }
      if (this.#shown && child.age(now) > TOO_OLD * child.interval) this.#withdraw(child);
    }
    const stuck = Number.isNaN(this.#stuckSince) ? 0 : (now - this.#stuckSince) / 1000;
    this.#series.write(this.#shown, this.#sampleTime, stuck, this.#skipped.length);
  }

  status(): ProbeStatus {
    const now = this.#now();
    const child = this.#child;
    this.#observe(now);
    return {
      kind: this.kind,
      state: this.#state,
      pid: child?.process.pid,
      restarts: Object.fromEntries(this.#series.restarts),
      since: this.#since,
      lastError: this.#lastError,
      sampleAge: this.#shown && child !== undefined ? child.age(now) / 1000 : undefined,
      skipped: this.#quarantine.skipped(now),
      stuck: this.#quarantine.stuck.map(({ pid, device, since }) => ({
        pid,
        device,
        seconds: (now - since) / 1000,
      })),
      sources: child?.sources ?? [],
    };
  }

  /**
   * Ends the child and takes its series away. Done at once but for the child's end, which the promise
   * waits for, though never longer than twice GRACE: a child that cannot be killed is left behind.
   */
  async stop(): Promise<void> {
    clearInterval(this.#looking);
    clearTimeout(this.#restart);
    this.#enter('stopped');
    const child = this.#child;
    this.#child = undefined;
    this.#shown = false;
    this.#layout.draft(this.#source).commit();
    this.#series.remove();
    if (child === undefined) return;
    child.process.end();
    if (await within(child.process.exited, GRACE)) return;
    const { device } = child;
    child.process.kill();
    if (!(await within(child.process.exited, GRACE))) this.#hold(child, device, this.#now());
  }

  /** The source of the child's series in the parent's layout. */
  get #source(): string {
    return `probe:${this.kind}`;
  }

  #launch(): void {
    this.#updateSkipped(this.#now());
    if (!this.#quarantine.mayStart) {
      this.#enter('stuck');
      return;
    }
    const { argv, env } = this.#options;
    try {
      sweepMappings(this.#directory);
      const started = new ProbeProcess(argv, childEnvironment(process.env, env), {
        output: (line) => this.#hear(child, line),
        error: (line) => this.#relay(child, line),
        exit: (exit) => this.#exited(child, exit),
      });
      const child = new Incarnation(started, this.#now());
      this.#child = child;
    } catch (error) {
      this.#ended('spawn', error instanceof Error ? error.message : String(error));
      this.#enter('failed');
      this.#restartLater();
      return;
    }
    this.#enter('starting');
    this.#child.process.order({
      directory: this.#directory,
      interval: this.#interval,
      skip: this.#skipped.map((s) => s.device),
    });
  }

  #lookAfter(): void {
    const now = this.#now();
    this.#relayed = 0;
    if (this.#interval !== this.#intervals.idle && now - this.#readAt > this.#intervals.idleAfter) {
      this.#pace(this.#intervals.idle);
    }
    this.#updateSkipped(now);
    const child = this.#child;
    // Before the look at its heartbeat, which the child moves before it gives less time.
    const patience = child === undefined ? 0 : this.#patience(child);
    this.#observe(now);
    if (child === undefined) {
      if (this.#state !== 'stuck' || !this.#quarantine.mayStart) return;
      // One of those that stood in the way has ended.
      this.#enter('restarting');
      this.#restartLater();
    } else if (child.still > patience) {
      this.#hung(child, now);
    } else if (now - (child.sampledAt ?? now) > this.#healthy) {
      this.#backoff.reset();
    }
  }

  #observe(now: number): void {
    this.#child?.observe(now, 2 * this.#look);
    if (this.#state === 'starting' && this.#child?.sampled === true) this.#enter('running');
  }

  /** Milliseconds for which nothing may move. */
  #patience(child: Incarnation): number {
    if (Number.isNaN(child.interval)) return START_DEADLINES * this.#deadline;
    return child.reading ? this.#deadline : this.#deadline + child.interval;
  }

  #hung(child: Incarnation, now: number): void {
    const { device } = child;
    this.#leave(child, 'deadline', `hung ${device === undefined ? 'somewhere' : `at ${device}`}`);
    if (device !== undefined) this.#quarantine.hung(device, now);
    child.process.kill();
    within(child.process.exited, REAP).then((ended) => {
      if (!ended) this.#hold(child, device, now);
      if (this.#quarantine.mayStart) this.#restartLater();
      else if (this.#state !== 'stopped') this.#enter('stuck');
    });
  }

  #exited(child: Incarnation, { code, signal }: Exit): void {
    if (this.#child !== child) return;
    const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`;
    const words = child.lastWords === undefined ? how : `${how}: ${child.lastWords}`;
    this.#leave(child, signal ?? 'exit', words);
    this.#restartLater();
  }

  /** The child is no more, or will not be: its values are not either. */
  #leave(child: Incarnation, reason: string, message: string): void {
    this.#enter(child.sampled ? 'restarting' : 'failed');
    this.#withdraw(child);
    this.#child = undefined;
    this.#ended(reason, message);
  }

  #ended(reason: string, message: string): void {
    this.#lastError = message;
    this.#series.count(reason);
    this.#log('warn', 'probe ended', { reason, error: message });
  }

  #restartLater(): void {
    if (this.#state === 'stopped') return;
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.#launch(), this.#backoff.next());
  }

  #hold(child: Incarnation, device: string | undefined, since: number): void {
    const { pid, exited } = child.process;
    child.process.release();
    const helper = mainThreadEnded(pid);
    const at = helper ? undefined : device;
    this.#quarantine.hold({ pid, device: at, helper, since }, exited);
    const where = helper ? 'a helper thread' : (at ?? 'unknown');
    this.#log('error', 'probe cannot be killed', { pid, where });
  }

  #withdraw(child: Incarnation): void {
    child.withdraw(this.#layout.board.values);
    this.#shown = false;
  }

  #updateSkipped(now: number): void {
    const before = this.#skipped.map((s) => s.device).join('\n');
    this.#skipped = this.#quarantine.skipped(now);
    this.#stuckSince = this.#quarantine.stuck[0]?.since ?? Number.NaN;
    const skip = this.#skipped.map((s) => s.device);
    if (skip.join('\n') !== before) this.#child?.process.order({ skip });
  }

  #pace(interval: number): void {
    this.#interval = interval;
    this.#child?.process.order({ interval });
  }

  #hear(child: Incarnation, line: string): void {
    if (this.#child !== child) return;
    const report = parseMessage<Report>(line);
    if (report === undefined) {
      this.#relay(child, line);
      return;
    }
    try {
      child.report(report, this.#layout, this.#source, this.#directory);
    } catch (error) {
      child.lastWords = error instanceof Error ? error.message : String(error);
      child.process.kill();
    }
    if (report.log !== undefined) {
      this.#log(report.log.level, report.log.message, report.log.fields);
    }
  }

  /** What a library prints may be much. */
  #relay(child: Incarnation, line: string): void {
    child.lastWords = line;
    if (++this.#relayed <= RELAYED) this.#log('warn', line, { pid: child.process.pid });
  }

  #enter(state: ProbeState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#layout.now();
  }

  #log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, string | number | boolean>>,
  ): void {
    this.#options.log?.(level, message, { probe: this.kind, ...fields });
  }
}
