/** What every source fulfils. */
import type { Draft } from './layout.ts';

/** How a sample ended. Plain numbers: a sample allocates nothing. */
export const SAMPLE = {
  /** Every slot holds this sample's value or NaN. */
  ok: 0,
  /** What is there has changed: discover again, then sample again. */
  rescan: 1,
} as const;
export type SampleCode = (typeof SAMPLE)[keyof typeof SAMPLE];

/** What the source reads is not on this machine: no error, nothing to say. */
export class NoData extends Error {
  override readonly name = 'NoData';
}

export interface Source {
  /** Unique; what errors and the status page call it. */
  readonly name: string;
  /** The collectors (`collect[]`, `--collector.X`) whose signals it writes. */
  readonly collectors: readonly string[];
  /** Finds what is there and declares it. May allocate. Throws NoData where there is nothing to read. */
  discover(draft: Draft): void;
  /**
   * Writes the values into their slots. Allocates nothing; does not await. A thrown error makes the
   * whole source absent and is retried later, so it is for what really broke.
   */
  sample(values: Float64Array): SampleCode;
  /** Whether it has found out what it can; one that asks others in the background may not have. */
  readonly complete?: () => boolean;
  /** Gives descriptors back. */
  close(): void;
}
