/** The processes on a GPU, as a vendor's folder lists them. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { Signal } from '../../catalog/signal.ts';

export interface GpuProcess {
  /** Unique: a process may run in several parts of a GPU. */
  readonly key: number;
  readonly pid: number;
  /** Labels of the GPU, or of the part of it where it runs. */
  readonly facts: GpuFacts;
  /** Bytes; NaN where the driver does not tell. */
  memory: number;
}

/** All processes on one GPU, listed once for all who ask. */
export interface ProcessList {
  readonly processes: ReadonlyMap<number, GpuProcess>;
  /** Rises whenever a process comes or goes. */
  readonly version: number;
  /** In what ways a process uses the GPU: values of the label `kind`. */
  readonly kinds: readonly string[];
  /** Whether there may be some that were not listed: what all have together is not known then. */
  readonly partial?: boolean;
  /** Processes of kinds[kind]; NaN where the driver does not list them. */
  count(kind: number): number;
  /** Looks what parts of the GPU there are. */
  rediscover(): void;
  /**
   * Brings what `taker` has not seen yet: lists again, unless another has made it list since. Answers 0 or
   * a code that says that the GPU is gone.
   */
  take(taker: object): number;
}

/** What processes use besides memory. */
export interface ProcessActivity {
  /** Its series; a value is what `of` answers, summed over processes, by `parts`. */
  readonly columns: readonly { readonly signal: Signal; readonly parts: number }[];
  /** Whether the driver tells any of it. */
  readonly known: boolean;
  /**
   * Brings what `taker` has not seen yet: asks again, unless another has made it ask since. Answers 0 or a
   * code that says that the GPU is gone.
   */
  take(taker: object): number;
  /** NaN where the driver does not tell. */
  of(pid: number, column: number): number;
}
