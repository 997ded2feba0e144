/** What a supervisor is told and what it tells. */
import type { Layout } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import type { Delays } from './backoff.ts';
import type { LogLevel } from './messages.ts';
import type { Quarantine, Skipped } from './quarantine.ts';

export type Fields = Readonly<Record<string, string | number | boolean>>;

export type ProbeLog = (level: LogLevel, message: string, fields: Fields) => void;

/** All in milliseconds. */
export interface Intervals {
  /** Between two polls while somebody reads. */
  readonly busy: number;
  /** The same while nobody does. */
  readonly idle: number;
  /** Nobody reads when `touch` was not called for so long. */
  readonly idleAfter: number;
}

export const DEFAULT_INTERVALS: Intervals = { busy: 1000, idle: 10_000, idleAfter: 120_000 };
/** Milliseconds. */
export const DEFAULT_DEADLINE = 5000;
/**
 * Milliseconds between an end and the next start. `soon` and the time that a child needs come to less than
 * five seconds (docs/adr/0013). A child that lived for `last` starts afresh.
 */
export const DEFAULT_BACKOFF: Delays = { first: 1000, soon: 2500, last: 60_000 };

/** A source that a child is known to have. */
export type ExpectedSource = Pick<SourceReport, 'name' | 'collectors'>;

export interface SupervisorOptions {
  /** `sensors`, `nvidia`, `amd`: the `source` label of the supervisor's series. */
  readonly kind: string;
  /** Command line of the child. */
  readonly argv: readonly string[];
  /** The parent's: the child's series become a part of it. */
  readonly layout: Layout;
  readonly intervals?: Intervals;
  /** Milliseconds for which a child may show no sign of life while it is at a device, and beyond its interval otherwise. */
  readonly deadline?: number;
  readonly backoff?: Delays;
  /** Sources that are down, and not unknown, where no child lives long enough to name them. */
  readonly sources?: readonly ExpectedSource[];
  readonly log?: ProbeLog;
  /** Over what the child inherits and PROBE_ENVIRONMENT. */
  readonly env?: Readonly<Record<string, string>>;
  /** To be kept by whoever makes a second supervisor of this kind (reload). */
  readonly quarantine?: Quarantine;
  /**
   * What a child is to be told (`Order.tell`) of what those before it said. Asked at the start, and when one is
   * gone, with its last frame on the board.
   */
  readonly legacy?: () => unknown;
  /** Where shared mappings are made. */
  readonly directory?: string;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * `failed`: waits for the next try after a life without a sample; `restarting`: after one with some;
 * `stuck`: the kernel keeps a killed child alive, and no other may take its place.
 */
export type ProbeState = 'starting' | 'running' | 'restarting' | 'failed' | 'stuck' | 'stopped';

/** What `/api/v1/status` and `doctor` say of a probe. */
export interface ProbeStatus {
  readonly kind: string;
  readonly state: ProbeState;
  readonly pid: number | undefined;
  /** How often it ended, by reason. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Unix seconds since when the state is what it is; undefined where the probe was never needed. */
  readonly since: number | undefined;
  readonly lastError: string | undefined;
  /** Seconds since the newest sample came; undefined where none is shown. */
  readonly sampleAgeSeconds: number | undefined;
  readonly skipped: readonly Skipped[];
  /** Killed children that did not end, and for how many seconds. */
  readonly stuck: readonly {
    readonly pid: number;
    readonly device: string | undefined;
    readonly seconds: number;
  }[];
  /** The child's own, as of the last change of a state in them; those that are expected where it has said none. */
  readonly sources: readonly SourceReport[];
}
