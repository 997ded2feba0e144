/** What is asked of AMD GPUs, and how often. */
import type { GpuGroup } from '../../catalog/gpu/groups.ts';
import type { Wanted } from './gpu.ts';
import { AMD_GROUPS, type AmdGroup } from './quantities.ts';

/** Polls between two samples of what moves slowly or costs much; everything else is asked at each. */
const SLOW: Readonly<Partial<Record<AmdGroup, number>>> = {
  memory_detail: 10,
  temperature_threshold: 60,
  power_detail: 10,
  clock_limit: 60,
  // The driver asks the memory controller for its errors.
  ecc: 10,
  ecc_detail: 10,
  pcie: 10,
  pcie_errors: 10,
};

/** Those of the groups that are on that AMD GPUs have. */
export function wantedGroups(on: (name: GpuGroup) => boolean): Wanted[] {
  return AMD_GROUPS.filter(on).map((group) => ({
    group,
    every: SLOW[group] ?? 1,
    ...(group === 'ecc' ? { also: 'ecc_detail' } : {}),
  }));
}
