/** Compression of an answer. */

/**
 * zlib level 1. For a page of 80 kB, against it: libdeflate level 1 takes 1.3 times as long for 0.78 of
 * the bytes, zlib level 2 1.4 times for 0.82, zlib level 6 8 times for 0.73; for one of 15 kB the ratios
 * are 1.4, 1.4 and 3.4. (node:zlib is the same library and takes 1.1 times as much processor time.)
 * A scraper is on the same machine or network, where the fewer bytes save less than they cost.
 */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>, { level: 1, library: 'zlib' });
}

/**
 * Gives an array's memory back now. A collection would, but it comes after some hundred pages: left to
 * it, a server that compresses holds twice as much anonymous memory. The array is empty afterwards.
 */
export function release(bytes: Uint8Array<ArrayBuffer>): void {
  bytes.buffer.transfer(0);
}
