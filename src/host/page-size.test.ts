import { expect, test } from 'bun:test';
import { pageSize, pageSizeOf } from './page-size.ts';

/** Pairs of type and value as the kernel writes them. */
function auxv(...pairs: readonly (readonly [bigint, bigint])[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(pairs.flat()).buffer);
}

test('pageSizeOf() reads the size of a page from among the other entries', () => {
  expect(pageSizeOf(auxv([33n, 0x7fffn], [16n, 0xfan], [6n, 65_536n], [17n, 100n], [0n, 0n]))).toBe(
    65_536,
  );
  expect(pageSizeOf(auxv([6n, 4096n]).slice())).toBe(4096);
});

test('pageSizeOf() does not know the size when the entry is missing or cut', () => {
  expect(pageSizeOf(auxv([16n, 6n], [0n, 0n]))).toBeNaN();
  expect(pageSizeOf(auxv([6n, 4096n]).slice(0, 15))).toBeNaN();
  expect(pageSizeOf(new Uint8Array(0))).toBeNaN();
});

test('pageSize() is what getconf says', () => {
  const getconf = Bun.spawnSync(['getconf', 'PAGESIZE']);
  expect(String(pageSize())).toBe(getconf.stdout.toString().trim());
});
