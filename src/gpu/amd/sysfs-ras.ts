/** Memory errors and bad pages, by the files of `ras/`: the kernel's Documentation/gpu/amdgpu/ras.rst. */
import { readWhole } from './attribute.ts';
import * as policy from './policy.ts';
import { at, RAS_BLOCKS } from './quantities.ts';
import type { Read } from './sysfs-card.ts';

/** `feature mask: 0x87`; the first bit is the memory's (UMC). */
export const eccEnabled: Read = ({ ras }, out) => {
  const mask = /feature mask:\s*(0x[0-9a-f]+)/i.exec(ras.text('features') ?? '')?.[1];
  if (mask !== undefined) out[at('eccEnabled')] = Number(mask) % 2;
};

const PAGES = { R: 'pagesRetired', P: 'pagesPending', F: 'pagesUnreservable' } as const;

/**
 * Lines of `address : size : flag`; a file without any is that of a memory without a bad page. The driver gives out
 * 151 lines at a time.
 */
export const badPages: Read = ({ ras }, out) => {
  if (!ras.has('gpu_vram_bad_pages')) return;
  const text = readWhole(`${ras.directory}/gpu_vram_bad_pages`);
  if (text === undefined) return;
  for (const quantity of Object.values(PAGES)) out[at(quantity)] = 0;
  for (const [, flag] of text.matchAll(/:\s*([RPF])\s*$/gm)) {
    (out[at(PAGES[flag as keyof typeof PAGES])] as number) += 1;
  }
};

const ERRORS = { ce: 'corrected', ue: 'uncorrected', de: 'deferred' } as const;

export const rasErrors: Read = ({ ras }, out) => {
  for (const block of RAS_BLOCKS) {
    const text = ras.text(`${block}_err_count`) ?? '';
    for (const [, kind, errors] of text.matchAll(/^(ce|ue|de):\s*(\d+)/gm)) {
      const error = ERRORS[kind as keyof typeof ERRORS];
      out[at(`ras.${block}.${error}`)] = policy.count(Number(errors));
    }
  }
};
