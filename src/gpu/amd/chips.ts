/** What numbers mean on AMD's chips, whoever reads them. */
import { readText } from './attribute.ts';
import type { THROTTLE_REASONS } from './quantities.ts';

/** Class and device id, as the PCI device has them. */
export interface PciKind {
  readonly class: string | undefined;
  readonly device: string | undefined;
}

/** PCI class of MI300 and later, processing accelerators. */
const ACCELERATOR = /^0x12/;
/** MI100 and MI200 are of the class of other display controllers, as the Radeon of many a laptop is. */
const MI100 = /^0x738[ce]$/;
const MI200 = /^0x74(?:08|0c|0f|10)$/;

export const kindOf = (directory: string): PciKind => ({
  class: readText(`${directory}/class`),
  device: readText(`${directory}/device`),
});

/** Whether it is made for drawing, as Radeon and APUs are. */
export const draws = (kind: PciKind): boolean =>
  !tellsEnergy(kind) && !MI100.test(kind.device ?? '');

/**
 * Whether the energy counter is known to be in 2^-16 J: so it is from MI200 on; of Radeon cards nothing is
 * written about its unit, and MI100 has none.
 */
export const tellsEnergy = (kind: PciKind): boolean =>
  ACCELERATOR.test(kind.class ?? '') || MI200.test(kind.device ?? '');

/** The sensor that only a chip with CPU and GPU in one has: the supply of the north bridge. */
export const INTEGRATED = 'vddnb';

/** Bits of the independent throttle status (SMU_THROTTLER_*_BIT in amdgpu_smu.h), by what is at its limit. */
export const THROTTLE_BITS: Readonly<Record<(typeof THROTTLE_REASONS)[number], readonly number[]>> =
  {
    power: [0, 1, 2, 3, 4, 5, 6, 7],
    current: [16, 17, 18, 19, 20, 21, 22, 23],
    thermal: [32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45],
    prochot: [46, 47],
  };
