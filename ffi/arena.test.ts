import { expect, test } from 'bun:test';
import { bunFfi, grown, int64, region, setText, setUint64, text, uint64 } from './arena.ts';

test('int64() reads little-endian longs of both signs without losing a bit below 2^53', () => {
  const view = new DataView(new ArrayBuffer(16));
  for (const value of [0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1]) {
    view.setBigInt64(8, BigInt(value), true);
    expect(int64(view, 8)).toBe(value);
  }
});

test('region() is memory that C writes to and its view reads from, however often it is called', () => {
  const { symbols } = bunFfi().dlopen('libc.so.6', {
    memset: { args: ['ptr', 'i32', 'usize'], returns: 'ptr' },
  });
  // A pointer to a small array's own storage goes stale after some thousands of calls.
  const { view, pointer } = region(16);
  let wrong = 0;
  for (let i = 0; i < 100_000; i++) {
    symbols.memset(pointer, i & 127, 16);
    if (view.getUint8(0) !== (i & 127) || view.getUint8(15) !== (i & 127)) wrong++;
  }
  expect(wrong).toBe(0);
});

test('region() starts with zeros and overlaps no other region', () => {
  const [a, b] = [region(8), region(8)];
  a.view.setUint32(0, 0xffff_ffff);
  expect(b.view.getUint32(0)).toBe(0);
  expect(a.pointer).not.toBe(b.pointer);
});

test('uint64() reads what setUint64() wrote, exactly to 2^53, and all-ones as 2^64', () => {
  const { view } = region(16);
  for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 0x7f55_0000_1040, 2 ** 53 - 1]) {
    setUint64(view, 8, value);
    expect(view.getBigUint64(8, true)).toBe(BigInt(value));
    expect(uint64(view, 8)).toBe(value);
  }
  view.setBigUint64(8, 2n ** 64n - 1n);
  expect(uint64(view, 8)).toBe(2 ** 64);
});

test('text() reads what setText() wrote, up to its NUL or the end of its field', () => {
  const memory = region(16);
  setText(memory, 4, 'GB10 é');
  expect(text(memory, 4, 12)).toBe('GB10 é');
  expect(text(memory, 4, 4)).toBe('GB10');
  expect(text(memory, 0, 4)).toBe('');
  expect(() => setText(memory, 4, 'twelve bytes')).toThrow(RangeError);
});

test('grown() gives the same region back while it suffices', () => {
  const memory = region(16);
  expect(grown(memory, 16)).toBe(memory);
  expect(grown(memory, 17).bytes.length).toBeGreaterThanOrEqual(17);
});
