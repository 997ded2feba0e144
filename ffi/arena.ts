/**
 * Memory that C code may read and write. The only place that takes a pointer: the address of a small
 * typed array goes stale when the engine moves its storage (after some thousand calls, silently), while
 * an ArrayBuffer that was made as such and is kept for good stays where it is.
 */
import type { Pointer } from 'bun:ffi';

/** Memory of fixed size and place; it lives as long as the process. */
export interface Region {
  readonly view: DataView;
  /** The same memory as bytes. */
  readonly bytes: Uint8Array;
  readonly pointer: Pointer;
}

const retained: ArrayBuffer[] = [];
const utf8 = new TextDecoder();

/** bun:ffi, loaded by the first who needs it: a start without FFI does not pay for it. */
export function bunFfi(): typeof import('bun:ffi') {
  return require('bun:ffi');
}

/** A new region of `bytes` zero bytes. It is never given back, so this is not for the hot path. */
export function region(bytes: number): Region {
  const buffer = new ArrayBuffer(bytes);
  retained.push(buffer);
  const view = new Uint8Array(buffer);
  return { view: new DataView(buffer), bytes: view, pointer: bunFfi().ptr(view) };
}

/**
 * A region of at least `bytes`: the given one where it suffices, else a new one of twice the size that is
 * needed, without the old one's content. What is left behind stays allocated, less than what is in use.
 */
export function grown(from: Region, bytes: number): Region {
  return bytes <= from.bytes.length ? from : region(bytes * 2);
}

/** The signed 64-bit integer at `offset` (little-endian) without a BigInt; exact to ±2^53. */
export function int64(view: DataView, offset: number): number {
  return view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}

/** The unsigned 64-bit integer at `offset`; exact to 2^53. All bits one reads as 2^64. */
export function uint64(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}

/** Writes a whole number from 0 to 2^53. */
export function setUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 2 ** 32, true);
  view.setUint32(offset + 4, value / 2 ** 32, true);
}

/** The C string at `offset`, which ends at its NUL or after `length` bytes. */
export function text(from: Region, offset: number, length: number): string {
  const field = from.bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return utf8.decode(end < 0 ? field : field.subarray(0, end));
}

/** Writes a C string with its NUL. Throws RangeError where it does not fit. */
export function setText(into: Region, offset: number, value: string): void {
  const bytes = new TextEncoder().encode(value);
  into.bytes.set(bytes, offset);
  into.view.setUint8(offset + bytes.length, 0);
}
