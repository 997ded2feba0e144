/** How the readers of one GPU are cut: by what they ask together and how often. */
import type { Nvml } from '../../../ffi/nvml.ts';
import type { Draft } from '../../board/layout.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuGroup } from '../../catalog/gpu/groups.ts';

/** A GPU as the groups see it. Made anew when any of it has changed. */
export interface Gpu {
  readonly nvml: Nvml;
  /** nvmlDevice_t */
  readonly handle: number;
  readonly index: number;
  /** Labels of all its series, the same object each time. `shared` is `yes` while it is in MIG mode. */
  readonly facts: GpuFacts;
  /** Part of a chip with the CPU (GB10, Tegra): it has no memory and no PCIe link of its own. */
  readonly integrated: boolean;
}

/** What takes a series and answers its slot. */
export type Slots = Pick<Draft, 'slot'>;

/** What a sample answers when its series are no longer the right ones. */
export const RESHAPE = -1;

/** What a group reads of one GPU. Its state lives as long as the GPU answers. */
export interface Reading {
  /**
   * Declares the series of what this GPU answers. Called before the first sample, at each discovery
   * (ten seconds apart) and after RESHAPE; a series that is not declared again is gone.
   */
  declare(slots: Slots): void;
  /**
   * Writes every slot that it declared last: a value, or NaN where the driver has none this time. Answers 0;
   * a code for which isGone() (policy.ts) holds; or RESHAPE, upon which `declare` and `sample` are called
   * again at once, so that a second RESHAPE has to wait for the next poll.
   */
  sample(values: Float64Array): number;
  /** Gives back what NVML allocated for it; the GPU may be lost by then. */
  close?(): void;
}

/** A group of signals that are asked together. */
export interface Group {
  /** Key below `gpu.metrics`; several groups may have one name. The settings say whether it is on. */
  readonly name: GpuGroup | 'per_process';
  /** Polls from one sample to the next while somebody scrapes: 1 for what moves fast and costs little. */
  readonly every: number;
  /** Undefined where this GPU can never answer anything of it. */
  attach(gpu: Gpu): Reading | undefined;
}
