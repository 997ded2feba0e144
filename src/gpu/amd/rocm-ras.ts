/** Memory errors and bad pages. */
import { BLOCK, type ErrorCount, type RetiredPages } from '../../../ffi/rocm-smi.ts';
import * as policy from './policy.ts';
import { at, RAS_BLOCKS } from './quantities.ts';
import { type Read, several } from './rocm-ask.ts';

export const badPages: Read = several<RetiredPages>(
  { retired: 0, pending: 0, unreservable: 0 },
  (smi, device, out) => smi.retiredPages(device, out),
  ({ retired, pending, unreservable }, out) => {
    out[at('pagesRetired')] = retired;
    out[at('pagesPending')] = pending;
    out[at('pagesUnreservable')] = unreservable;
  },
);

const counts: ErrorCount = { corrected: Number.NaN, uncorrected: Number.NaN };

export const rasErrors: readonly Read[] = RAS_BLOCKS.filter((block) => block in BLOCK).map(
  (block) =>
    several(
      counts,
      (smi, device, out) => smi.errors(device, BLOCK[block as keyof typeof BLOCK], out),
      ({ corrected, uncorrected }, out) => {
        out[at(`ras.${block}.corrected`)] = policy.count(corrected);
        out[at(`ras.${block}.uncorrected`)] = policy.count(uncorrected);
      },
    ),
);

/** The bit of the memory (UMC). */
export const eccEnabled = (mask: number): number => mask % 2;
