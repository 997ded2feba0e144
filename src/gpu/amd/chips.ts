/** What numbers mean on AMD's chips, whoever reads them. */
import type { THROTTLE_REASONS } from './quantities.ts';

/** PCI class of a display controller: Radeon cards and APUs. Instinct are processing accelerators, or `other`. */
const VGA = /^0x0300/;

/** Whether it is made for drawing, as Radeon and APUs are. `pciClass`: as the PCI device has it. */
export const draws = (pciClass: string | undefined): boolean => VGA.test(pciClass ?? '');

/**
 * Whether the energy counter is known to be in 2^-16 J: so it is from MI200 on; of Radeon cards nothing is
 * written about its unit.
 */
export const tellsEnergy = (pciClass: string | undefined): boolean => !draws(pciClass);

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
