/**
 * Devices that a probe leaves out because a read of theirs did not return, and the processes that the
 * kernel keeps alive although they were killed. It outlives a supervisor: a reload of the
 * configuration changes neither.
 */
import { Backoff, type Delays } from './backoff.ts';

/** Milliseconds for which a device is left out. */
const LEFT_OUT: Delays = { first: 60_000, last: 3_600_000 };
/** Milliseconds after that in which a read of it is a trial. */
const TRIAL = 10_000;
/** Least milliseconds that a trial may take. */
const TRIAL_LEAST = 1000;
/** Deadlines that a device has which is known to be slow. */
const SLOW_DEADLINES = 3;
/** What a process ends itself with; others are sent to it. signal(7). */
const CRASHES: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]);
/** Processes of a kind that may be stuck before no further one is started (docs/adr/0002). */
const MOST_STUCK = 3;

export interface Skipped {
  readonly device: string;
  /** Milliseconds until it is tried again; undefined while a process is stuck at it. */
  readonly retryIn: number | undefined;
}

export interface Stuck {
  readonly pid: number;
  /** Where it is stuck, if that is known. */
  readonly device: string | undefined;
  /** Its main thread has ended: a helper thread is what does not. */
  readonly helper: boolean;
  /** Monotonic milliseconds. */
  readonly since: number;
}

interface Entry {
  readonly backoff: Backoff;
  /** For how long it is left out, and until when. */
  delay: number;
  until: number;
}

export interface QuarantineOptions {
  /** Milliseconds for which a device is left out. */
  readonly leftOut?: Delays;
  /** Devices that may take three deadlines, whatever befell them before: a driver that wakes eight GPUs takes ten seconds. */
  readonly slow?: readonly string[];
  /** Whether a child may be started beside a stuck one. Not where one driver holds them all. */
  readonly replaceStuck?: boolean;
  /** Whether a device at which a child crashed is left out too: where a library and not the device is at fault. */
  readonly crashes?: boolean;
}

export class Quarantine {
  readonly #devices = new Map<string, Entry>();
  readonly #leftOut: Delays;
  readonly #slow: readonly string[];
  readonly #mostStuck: number;
  readonly #crashes: boolean;
  #stuck: readonly Stuck[] = [];

  constructor({
    leftOut = LEFT_OUT,
    slow = [],
    replaceStuck = true,
    crashes = false,
  }: QuarantineOptions = {}) {
    this.#leftOut = leftOut;
    this.#slow = slow;
    this.#crashes = crashes;
    this.#mostStuck = replaceStuck ? MOST_STUCK : 1;
  }

  /** In the order in which they got stuck. */
  get stuck(): readonly Stuck[] {
    return this.#stuck;
  }

  /** Whether a child may be started beside those that are stuck: what holds them must not hold it too. */
  get mayStart(): boolean {
    return (
      this.#stuck.length < this.#mostStuck &&
      this.#stuck.every((s) => s.device !== undefined || s.helper)
    );
  }

  /** A read of this device did not return. `now`: monotonic milliseconds. */
  hung(device: string, now: number): void {
    const entry = this.#devices.get(device) ?? {
      backoff: new Backoff(this.#leftOut),
      delay: 0,
      until: now,
    };
    if (now - entry.until > this.#leftOut.last) entry.backoff.reset();
    entry.delay = entry.backoff.next();
    entry.until = now + entry.delay;
    this.#devices.set(device, entry);
  }

  /** A child ended by this signal while it was at a device. */
  crashed(device: string, signal: string, now: number): void {
    if (this.#crashes && CRASHES.has(signal)) this.hung(device, now);
  }

  /**
   * Milliseconds for which a read of this device may not return: `deadline`, but less where it is tried
   * again soon after it hung. A trial that fails is paid for by every other device of the probe; one that
   * would have taken longer is given the time when it was left out for longer.
   */
  patience(device: string | undefined, now: number, deadline: number): number {
    if (device === undefined) return deadline;
    if (this.#slow.includes(device)) return SLOW_DEADLINES * deadline;
    const entry = this.#devices.get(device);
    if (entry === undefined || now < entry.until || now > entry.until + TRIAL) return deadline;
    return Math.min(deadline, Math.max(TRIAL_LEAST, entry.delay / 3));
  }

  /** This killed process does not end. Held until `exited`. */
  hold(stuck: Stuck, exited: Promise<unknown>): void {
    this.#stuck = [...this.#stuck, stuck];
    exited.then(() => {
      this.#stuck = this.#stuck.filter((s) => s !== stuck);
    });
  }

  /** What the next child leaves out, in the order of first trouble. */
  skipped(now: number): Skipped[] {
    const held = this.#stuck.map((s) => s.device);
    const out: Skipped[] = [];
    for (const [device, { until }] of this.#devices) {
      if (held.includes(device)) out.push({ device, retryIn: undefined });
      else if (until > now) out.push({ device, retryIn: until - now });
    }
    return out;
  }
}
