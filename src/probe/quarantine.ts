/**
 * Devices that a probe leaves out because a read of theirs did not return, and the processes that the
 * kernel keeps alive although they were killed. It outlives a supervisor: a reload of the
 * configuration changes neither.
 */
import { Backoff } from './backoff.ts';

/** Milliseconds for which a device is left out: the first time, and at most. */
const FIRST = 60_000;
const LAST = 3_600_000;
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
  until: number;
}

export interface QuarantineOptions {
  /** Milliseconds for which a device is left out: the first time, and at most. */
  readonly first?: number;
  readonly last?: number;
  /** Whether a child may be started beside a stuck one. Not where one driver holds them all. */
  readonly replaceStuck?: boolean;
  /** Whether a device at which a child crashed is left out too: where a library and not the device is at fault. */
  readonly crashes?: boolean;
}

export class Quarantine {
  readonly #devices = new Map<string, Entry>();
  readonly #first: number;
  readonly #last: number;
  readonly #mostStuck: number;
  readonly #crashes: boolean;
  #stuck: readonly Stuck[] = [];

  constructor({
    first = FIRST,
    last = LAST,
    replaceStuck = true,
    crashes = false,
  }: QuarantineOptions = {}) {
    this.#first = first;
    this.#last = last;
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
      backoff: new Backoff(this.#first, this.#last),
      until: now,
    };
    if (now - entry.until > this.#last) entry.backoff.reset();
    entry.until = now + entry.backoff.next();
    this.#devices.set(device, entry);
  }

  /** A child ended by this signal while it was at a device. */
  crashed(device: string, signal: string, now: number): void {
    if (this.#crashes && CRASHES.has(signal)) this.hung(device, now);
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
