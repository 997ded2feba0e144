/**
 * Memory that C code may read and write. The only place that takes a pointer: the address of a small
 * typed array goes stale when the engine moves its storage (after some thousand calls, silently), while
 * an ArrayBuffer that was made as such and is kept for good stays where it is.
 */
import type { Pointer } from 'bun:ffi';

/** Memory of fixed size and place; it lives as long as the process. */
export interface Region {
  readonly view: DataView;
  readonly pointer: Pointer;
}

const retained: ArrayBuffer[] = [];

/** bun:ffi, loaded by the first who needs it: a start without FFI does not pay for it. */
export function bunFfi(): typeof import('bun:ffi') {
  return require('bun:ffi');
}

/** A new region of `bytes` zero bytes. It is never given back, so this is not for the hot path. */
export function region(bytes: number): Region {
  const buffer = new ArrayBuffer(bytes);
  retained.push(buffer);
  return { view: new DataView(buffer), pointer: bunFfi().ptr(new Uint8Array(buffer)) };
}

/** The signed 64-bit integer at `offset` (little-endian) without a BigInt; exact to ±2^53. */
export function int64(view: DataView, offset: number): number {
  return view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}
