/** A probe that is started once there is something for it: a machine without the device pays for no process. */
import type { SourceReport } from '../board/registry.ts';
import type { ProbeStatus } from '../probe/options.ts';
import type { Supervisor } from '../probe/supervisor.ts';

/** What the program needs of a supervisor. */
export type Probe = Pick<
  Supervisor,
  'kind' | 'start' | 'ready' | 'touch' | 'poll' | 'sample' | 'status' | 'stop'
> & {
  /** To be called once a second: what the probe is to know may have changed. */
  refresh?(): void;
  /** Undefined while nothing has to go on. */
  readonly clock: Supervisor['clock'] | undefined;
};

export interface LazyProbeOptions {
  readonly kind: string;
  /** Whether there is something; asked at the start, and then once a minute. */
  readonly present: () => boolean;
  readonly make: () => Probe;
  /** What is said of the probe's sources until then. */
  readonly absent: readonly SourceReport[];
  readonly refresh?: () => void;
  /** Milliseconds between two looks. */
  readonly look?: number;
}

const LOOK = 60_000;

export class LazyProbe implements Probe {
  readonly kind: string;
  readonly #options: LazyProbeOptions;
  #probe: Probe | undefined;
  #looking: Timer | undefined;
  #touched = false;

  constructor(options: LazyProbeOptions) {
    this.kind = options.kind;
    this.#options = options;
  }

  start(): void {
    const { present, make, look = LOOK } = this.#options;
    if (this.#probe === undefined && present()) {
      clearInterval(this.#looking);
      this.#probe = make();
      this.#probe.start();
      if (this.#touched) this.#probe.touch();
    } else if (this.#looking === undefined) {
      this.#looking = setInterval(() => this.start(), look);
    }
  }

  get ready(): boolean {
    return this.#probe === undefined || this.#probe.ready;
  }

  get clock(): Supervisor['clock'] | undefined {
    return this.#probe?.clock;
  }

  touch(): void {
    this.#touched = true;
    this.#probe?.touch();
  }

  refresh(): void {
    this.#options.refresh?.();
  }

  poll(): void {
    this.#probe?.poll();
  }

  sample(): void {
    this.#probe?.sample();
  }

  status(): ProbeStatus {
    if (this.#probe !== undefined) return this.#probe.status();
    return {
      kind: this.kind,
      state: 'stopped',
      pid: undefined,
      restarts: {},
      since: undefined,
      lastError: undefined,
      sampleAgeSeconds: undefined,
      skipped: [],
      stuck: [],
      sources: this.#options.absent,
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await this.#probe?.stop();
  }
}
