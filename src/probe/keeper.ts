/** Keeps one child of a kind alive: starts it, listens to it, kills it when it hangs, starts the next. */
import type { Layout } from '../board/layout.ts';
import { Backoff, type Delays } from './backoff.ts';
import { Incarnation } from './incarnation.ts';
import { removeMappings, sweepMappings } from './mapping.ts';
import { type LogLevel, parseMessage, type Report } from './messages.ts';
import {
  DEFAULT_BACKOFF,
  type Fields,
  type ProbeState,
  type SupervisorOptions,
} from './options.ts';
import { childEnvironment, type Exit, mainThreadEnded, ProbeProcess, within } from './process.ts';
import type { Quarantine, Skipped } from './quarantine.ts';

/** Milliseconds that a killed child may take to end before it counts as stuck. */
const REAP = 1000;
/** Milliseconds that a child may take to end once it is asked to, and once it is killed, when the parent stops. */
const GRACE = 300;
/** Deadlines that a child has until its mapping is there: a cold disk holds a hundred megabytes of runtime. */
const START_DEADLINES = 3;
/** Lines of a child's standard error that are passed on between two looks at it. */
const RELAYED = 20;

export interface KeeperOptions extends SupervisorOptions {
  readonly deadline: number;
  readonly directory: string;
  readonly quarantine: Quarantine;
  readonly now: () => number;
  /** Milliseconds between two calls of `lookAfter`. */
  readonly look: number;
}

export interface KeeperEvents {
  /** This child is no more, or will not be: its values are not either. */
  gone(child: Incarnation): void;
  ended(reason: string): void;
}

export class Keeper {
  state: ProbeState = 'stopped';
  /** Unix seconds. */
  since: number;
  lastError: string | undefined;
  child: Incarnation | undefined;
  skipped: readonly Skipped[] = [];
  /** Milliseconds between the polls that are asked for. */
  #interval: number;
  readonly #options: KeeperOptions;
  readonly #events: KeeperEvents;
  readonly #layout: Layout;
  readonly #delays: Delays;
  readonly #backoff: Backoff;
  #told: unknown;
  #restart: Timer | undefined;
  #relayed = 0;

  constructor(options: KeeperOptions, interval: number, events: KeeperEvents) {
    this.#options = options;
    this.#events = events;
    this.#layout = options.layout;
    this.#interval = interval;
    this.since = this.#layout.now();
    this.#delays = options.backoff ?? DEFAULT_BACKOFF;
    this.#backoff = new Backoff(this.#delays);
  }

  /** The source of the child's series in the parent's layout. */
  get source(): string {
    return `probe:${this.#options.kind}`;
  }

  get interval(): number {
    return this.#interval;
  }

  /** What this child and those after it are to know. */
  tell(tell: unknown): void {
    this.#told = tell;
    this.child?.process.order({ tell });
  }

  pace(interval: number): void {
    this.#interval = interval;
    this.child?.process.order({ interval });
  }

  launch(): void {
    const { argv, env, directory, quarantine, now } = this.#options;
    this.#updateSkipped(now());
    if (!quarantine.mayStart) {
      this.#enter('stuck');
      return;
    }
    try {
      sweepMappings(directory);
      const started = new ProbeProcess(argv, childEnvironment(process.env, env), {
        output: (line) => this.#hear(child, line),
        error: (line) => this.#relay(child, line),
        exit: (exit) => this.#exited(child, exit),
      });
      started.exited.then(() => removeMappings(directory, started.pid)).catch(() => {});
      const child = new Incarnation(started, now());
      this.child = child;
    } catch (error) {
      this.#enter('failed');
      this.#ended('spawn', error instanceof Error ? error.message : String(error));
      this.#restartLater();
      return;
    }
    this.#enter('starting');
    const skip = this.skipped.map((s) => s.device);
    const tell = this.#told;
    this.child.process.order({
      directory,
      owner: process.pid,
      interval: this.#interval,
      skip,
      ...(tell === undefined ? {} : { tell }),
    });
  }

  /** To be called every `look` milliseconds. */
  lookAfter(now: number): void {
    this.#relayed = 0;
    this.#updateSkipped(now);
    const { child } = this;
    // Before the look at its heartbeat, which the child moves before it gives less time.
    const patience = child === undefined ? 0 : this.#patience(child, now);
    this.observe(now);
    if (child === undefined) {
      if (this.state !== 'stuck' || !this.#options.quarantine.mayStart) return;
      // One of those that stood in the way has ended.
      this.#enter('restarting');
      this.#restartIn(this.#delays.first);
    } else if (child.still > patience) {
      this.#hung(child, now);
    } else if (now - (child.sampledAt ?? now) > this.#delays.last) {
      this.#backoff.reset();
    }
  }

  observe(now: number): void {
    this.child?.observe(now, 2 * this.#options.look);
    if (this.state === 'starting' && this.child?.sampled === true) this.#enter('running');
  }

  /** Done at once but for the child's end, which the promise waits for, though never longer than twice GRACE. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart);
    this.#enter('stopped');
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    child.process.end();
    if (await within(child.process.exited, GRACE)) return;
    const { device } = child;
    child.process.kill();
    if (!(await within(child.process.exited, GRACE))) {
      this.#hold(child, device, this.#options.now());
    }
  }

  /** Milliseconds for which nothing may move. */
  #patience(child: Incarnation, now: number): number {
    const { deadline, quarantine } = this.#options;
    if (Number.isNaN(child.interval)) return START_DEADLINES * deadline;
    if (!child.reading) return deadline + child.interval;
    return quarantine.patience(child.device, now, deadline);
  }

  #hung(child: Incarnation, now: number): void {
    const { device } = child;
    const { quarantine } = this.#options;
    this.#leave(child, 'deadline', `hung ${device === undefined ? 'somewhere' : `at ${device}`}`);
    if (device !== undefined) quarantine.hung(device, now);
    child.process.kill();
    within(child.process.exited, REAP).then((ended) => {
      if (!ended) this.#hold(child, device, now);
      if (!quarantine.mayStart) {
        if (this.state !== 'stopped') this.#enter('stuck');
      } else if (device === undefined) {
        this.#restartLater();
      } else {
        // The next one leaves the device out: how often it is tried is the quarantine's matter.
        this.#restartIn(this.#delays.first);
      }
    });
  }

  #exited(child: Incarnation, { code, signal }: Exit): void {
    if (this.child !== child) return;
    const { quarantine, now } = this.#options;
    if (signal !== null && child.device !== undefined) {
      quarantine.crashed(child.device, signal, now());
    }
    const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`;
    const where = child.reading && child.device !== undefined ? `${how} at ${child.device}` : how;
    const { text } = child.lastWords;
    this.#leave(child, signal ?? 'exit', text === undefined ? where : `${where}: ${text}`);
    this.#restartLater();
  }

  #leave(child: Incarnation, reason: string, message: string): void {
    this.#enter(child.sampled ? 'restarting' : 'failed');
    this.child = undefined;
    this.#events.gone(child);
    this.#ended(reason, message);
  }

  #ended(reason: string, message: string): void {
    this.lastError = message;
    this.#events.ended(reason);
    this.#log('warn', 'probe ended', { reason, error: message });
  }

  #restartLater(): void {
    this.#restartIn(this.#backoff.next());
  }

  #restartIn(delay: number): void {
    if (this.state === 'stopped') return;
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.launch(), delay);
  }

  #hold(child: Incarnation, device: string | undefined, since: number): void {
    const { pid, exited } = child.process;
    child.process.release();
    const helper = mainThreadEnded(pid);
    const at = helper ? undefined : device;
    this.#options.quarantine.hold({ pid, device: at, helper, since }, exited);
    const where = helper ? 'a helper thread' : (at ?? 'unknown');
    this.#log('error', 'probe cannot be killed', { pid, where });
  }

  #updateSkipped(now: number): void {
    const before = this.skipped.map((s) => s.device).join('\n');
    this.skipped = this.#options.quarantine.skipped(now);
    const skip = this.skipped.map((s) => s.device);
    if (skip.join('\n') !== before) this.child?.process.order({ skip });
  }

  #hear(child: Incarnation, line: string): void {
    if (this.child !== child) return;
    const report = parseMessage<Report>(line);
    if (report === undefined) {
      this.#relay(child, line);
      return;
    }
    try {
      child.report(report, this.#layout, this.source, this.#options.directory);
    } catch (error) {
      child.lastWords.hear(error instanceof Error ? error.message : String(error));
      child.process.kill();
    }
    if (report.log !== undefined) {
      this.#log(report.log.level, report.log.message, report.log.fields);
    }
  }

  /** What a library prints may be much. */
  #relay(child: Incarnation, line: string): void {
    if (!child.lastWords.hear(line)) return;
    if (++this.#relayed <= RELAYED) this.#log('warn', line, { pid: child.process.pid });
  }

  #enter(state: ProbeState): void {
    if (this.state === state) return;
    this.state = state;
    this.since = this.#layout.now();
  }

  #log(level: LogLevel, message: string, fields: Fields): void {
    this.#options.log?.(level, message, { probe: this.#options.kind, ...fields });
  }
}
