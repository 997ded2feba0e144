/** What is read of a GPU, whoever made it: series that are declared, and sampled at each poll. */
import type { Draft } from '../board/layout.ts';

/** What takes a series and answers its slot. */
export type Slots = Pick<Draft, 'slot'>;

/** Says something to who reads the log. */
export type GpuLog = (
  level: 'info' | 'warn',
  message: string,
  fields: Readonly<Record<string, string>>,
) => void;

/** What a sample answers when its series are no longer the right ones. */
export const RESHAPE = -1;

/** What is read of one GPU together. Its state lives as long as the GPU answers. */
export interface Reading {
  /**
   * Declares the series of what this GPU answers. Called before the first sample, at each discovery
   * (ten seconds apart) and after RESHAPE; a series that is not declared again is gone.
   */
  declare(slots: Slots): void;
  /**
   * Writes every slot that it declared last: a value, or NaN where the driver has none this time. Answers 0;
   * a code of the vendor's that says that the GPU is gone; or RESHAPE, upon which `declare` and `sample` are called
   * again at once, so that a second RESHAPE has to wait for the next poll.
   */
  sample(values: Float64Array): number;
  /** Gives back what the vendor's library allocated for it; the GPU may be lost by then. */
  close?(): void;
}
