/** The size of a memory page: 4 KiB on x86, 4, 16 or 64 KiB on arm64, as its kernel was built. */
import { readFileSync } from 'node:fs';

/** getauxval(3): the entry that holds the page size. */
const AT_PAGESZ = 6n;

/**
 * Bytes per page from the auxiliary vector that the kernel gave a process (pairs of u64, little-endian
 * on every machine that edgegauge is built for); NaN where it does not say.
 */
export function pageSizeOf(auxv: Uint8Array): number {
  const words = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  for (let at = 0; at + 16 <= auxv.byteLength; at += 16) {
    if (words.getBigUint64(at, true) === AT_PAGESZ) return Number(words.getBigUint64(at + 8, true));
  }
  return Number.NaN;
}

/** Bytes per page on this machine; NaN where it cannot be known. Always this process's own /proc. */
export function pageSize(): number {
  try {
    return pageSizeOf(readFileSync('/proc/self/auxv'));
  } catch {
    return Number.NaN;
  }
}
