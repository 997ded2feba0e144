/** The watchdog of systemd.service(5): told that all is well only while it is. */

/** Something that has to happen again and again. Times are milliseconds of performance.now(). */
export interface Clock {
  readonly name: string;
  /** How often. */
  readonly every: number;
  /** When it last did. */
  readonly at: number;
}

export interface WatchdogOptions {
  /** Milliseconds without a ping after which systemd acts. */
  readonly interval: number;
  readonly clocks: () => readonly Clock[];
  /** Throws where a scrape could not be answered. */
  readonly sample: () => void;
  readonly ping: () => void;
  /** Told once when something begins to stand still. */
  readonly stalled: (what: string) => void;
  readonly now?: () => number;
}

/** Less would be a busy loop. */
const LEAST = 10;
/** Looks at what stands still, per ping: a process that was stopped and goes on is to be seen in time. */
const LOOKS = 8;

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds that sd_watchdog_enabled(3) would give for this process; undefined where none is meant for it. */
export function watchdogInterval(env: Environment, pid: number): number | undefined {
  const usec = Number(env['WATCHDOG_USEC'] ?? Number.NaN);
  const { WATCHDOG_PID: whose } = env;
  if (!(usec > 0 && usec < Number.MAX_SAFE_INTEGER)) return undefined;
  return whose === undefined || whose === '' || Number(whose) === pid ? usec / 1000 : undefined;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #now: () => number;
  /** Milliseconds between two pings: half of what is allowed, as its manual asks for. */
  readonly #half: number;
  #timer: Timer | undefined;
  #complained = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#half = Math.max(LEAST, options.interval / 2);
  }

  /** Once more changes nothing: who is reloaded again and again is to be heard in time too. */
  start(): void {
    this.#timer ??= setTimeout(() => this.#turn(), this.#half);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** That this runs at all says that the event loop turns; the rest is asked. Answers when to look again. */
  look(): number {
    const { ping, stalled } = this.#options;
    const what = this.#standing();
    if (what === undefined) {
      this.#complained = false;
      ping();
      return this.#half;
    }
    if (!this.#complained) stalled(what);
    this.#complained = true;
    return Math.max(LEAST, this.#half / LOOKS);
  }

  #turn(): void {
    const next = this.look();
    this.#timer = setTimeout(() => this.#turn(), next);
  }

  /** What does not go on any more; undefined where everything does. */
  #standing(): string | undefined {
    const now = this.#now();
    const clock = this.#options.clocks().find((c) => now - c.at > c.every + this.#half);
    if (clock !== undefined) return clock.name;
    try {
      this.#options.sample();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
