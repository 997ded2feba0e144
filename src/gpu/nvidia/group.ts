/** How the readers of one GPU are cut: by what they ask together and how often. */
import type { Nvml } from '../../../ffi/nvml.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { GpuGroup } from '../../catalog/gpu/groups.ts';
import type { Reading } from '../reading.ts';

export { RESHAPE, type Reading, type Slots } from '../reading.ts';

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

/** A group of signals that are asked together. */
export interface Group {
  /** Key below `gpu.metrics`; several groups may have one name. The settings say whether it is on. */
  readonly name: GpuGroup | 'per_process';
  /** Polls from one sample to the next while somebody scrapes: 1 for what moves fast and costs little. */
  readonly every: number;
  /** Undefined where this GPU can never answer anything of it. */
  attach(gpu: Gpu): Reading | undefined;
}
