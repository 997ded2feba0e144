/** What all of NVML's bindings share: the library, the last return code, and the memory that C writes to. */
import { grown, type Region, region, text, uint64 } from './arena.ts';
import type { CCall, CType, Library } from './library.ts';
import {
  CALLS,
  type Call,
  type CallRow,
  type TextCall,
  type U32Call,
  type U64Call,
} from './nvml-calls.ts';
import { RETURN } from './nvml-returns.ts';
import type { Layout } from './nvml-structs.ts';
import type { Handle } from './nvml-types.ts';

/** Room for the longest text (NVML_DEVICE_NAME_V2_BUFFER_SIZE is 96) and the largest struct that is read in place. */
const SCRATCH_BYTES = 256;
/** Room for lists at first: more processes, samples or fields than most machines have. */
const LIST_BYTES = 16_384;
/** No list is this long: a driver that says so is not believed. */
const MOST_ROWS = 65_536;
/** What an `int` reads as that a driver does not write, for -1 may be one that it does. */
const LEAST_INT = -(2 ** 31);
/** Outputs of one call stand eight bytes apart. */
const STRIDE = 8;

/** A library that answers calls. */
export class NvmlCore {
  readonly library: Library;
  /** nvmlReturn_t of the last call. */
  rc: number = RETURN.uninitialized;
  /** Outputs, texts and structs of the call that was made last. */
  readonly scratch: Region = region(SCRATCH_BYTES);
  /** Arrays of records of the call that was made last. */
  list: Region = region(LIST_BYTES);
  readonly #out: readonly [number, number, number, number];
  readonly #bound: Partial<Record<Call, CCall>> = {};
  #signed = false;

  constructor(library: Library) {
    this.library = library;
    const base: number = this.scratch.pointer;
    this.#out = [base, base + STRIDE, base + 2 * STRIDE, base + 3 * STRIDE];
  }

  /** The newest of some functions that the library has, of one signature. */
  bind(symbols: readonly string[], args: readonly CType[]): CCall {
    return this.library.bind(symbols, args, RETURN.functionNotFound);
  }

  /** See {@link Nvml.u32}. */
  u32(call: U32Call, device: Handle, a: number, b: number): number {
    const { view } = this.scratch;
    const row: CallRow = CALLS[call];
    // What a driver does not write, though it answers success, must not be what the call before left here.
    this.#signed = row.signed === true;
    const unwritten = this.#signed ? LEAST_INT : -1;
    view.setInt32(0, unwritten, true);
    view.setInt32(STRIDE, unwritten, true);
    view.setInt32(2 * STRIDE, unwritten, true);
    view.setInt32(3 * STRIDE, unwritten, true);
    let offset = 0;
    if (row.version !== undefined) {
      view.setUint32(0, row.version, true);
      view.setInt32(4, unwritten, true);
      offset = 4;
    }
    this.rc = this.#call(call, row, device, a, b, 0);
    return this.rc === RETURN.success ? this.#word(offset) : Number.NaN;
  }

  /** See {@link Nvml.more}. */
  more(index: number): number {
    return this.rc === RETURN.success ? this.#word(index * STRIDE) : Number.NaN;
  }

  /** See {@link Nvml.u64}. */
  u64(call: U64Call, device: Handle, a: number, b: number, c: number): number {
    const { view } = this.scratch;
    view.setInt32(0, -1, true);
    view.setInt32(4, -1, true);
    this.rc = this.#call(call, CALLS[call], device, a, b, c);
    return this.rc === RETURN.success ? uint64(view, 0) : Number.NaN;
  }

  /** See {@link Nvml.text}. */
  text(call: TextCall, device: Handle, a: number): string | undefined {
    const row: CallRow = CALLS[call];
    const f = this.#function(call, row);
    const [buffer] = this.#out;
    this.scratch.bytes[0] = 0;
    this.rc = row.in === 0 ? f(device, buffer, SCRATCH_BYTES) : f(device, a, buffer, SCRATCH_BYTES);
    return this.string();
  }

  /** The text at the start of the scratch memory, when the last call succeeded and gave it an end. */
  string(): string | undefined {
    const said = this.rc === RETURN.success && this.scratch.bytes.includes(0);
    return said ? text(this.scratch, 0, SCRATCH_BYTES) : undefined;
  }

  /** Calls a function of a device and one {@link struct}. */
  fill(call: CCall, device: Handle, layout: Layout): number {
    this.rc = call(device, this.struct(layout));
    return this.rc;
  }

  /**
   * Address of a struct at the start of the scratch memory: all bits one (a driver that answers success and
   * writes nothing then leaves sentinels) but for its version word, if it has one.
   */
  struct(layout: Layout): number {
    this.scratch.bytes.fill(0xff, 0, layout.bytes);
    if (layout.version !== undefined) this.scratch.view.setUint32(0, versionWord(layout), true);
    return this.scratch.pointer;
  }

  /** Clears the list memory (to ones, as {@link struct}) and answers how many rows of `bytes` it holds. */
  rows(bytes: number): number {
    this.list.bytes.fill(0xff);
    return Math.floor(this.list.bytes.length / bytes);
  }

  /** Clears the list memory and makes sure that it holds `rows` rows of `bytes`. */
  room(rows: number, bytes: number): void {
    this.list = grown(this.list, rows * bytes);
    this.list.bytes.fill(0xff, 0, rows * bytes);
  }

  /**
   * To be asked after a call that was given room for `given` rows and answered `rc`, `count`: whether it is
   * to be made again, with the memory that is there by now. Takes a count that cannot be for an error.
   */
  again(rc: number, count: number, given: number, bytes: number): boolean {
    this.rc = rc === RETURN.success && count > given ? RETURN.unknown : rc;
    if (rc !== RETURN.insufficientSize || count <= given || count > MOST_ROWS) return false;
    this.list = grown(this.list, count * bytes);
    return true;
  }

  #word(offset: number): number {
    const { view } = this.scratch;
    return this.#signed ? view.getInt32(offset, true) : view.getUint32(offset, true);
  }

  /** Pointers that a function does not take are passed too; C functions do not see them. */
  #call(call: Call, row: CallRow, device: Handle, a: number, b: number, c: number): number {
    const f = this.#function(call, row);
    const [p0, p1, p2, p3] = this.#out;
    switch (row.in) {
      case 0:
        return f(device, p0, p1, p2, p3);
      case 1:
        return f(device, a, p0, p1);
      case 2:
        return f(device, a, b, p0);
      default:
        return f(device, a, b, c, p0);
    }
  }

  #function(call: Call, row: CallRow): CCall {
    let found = this.#bound[call];
    if (found === undefined) {
      found = this.bind(row.symbols, argumentsOf(row));
      this.#bound[call] = found;
    }
    return found;
  }
}

/** NVML_STRUCT_VERSION of a versioned struct. */
export function versionWord(layout: Layout): number {
  return layout.bytes | ((layout.version?.[1] ?? 0) << 24);
}

function argumentsOf(row: CallRow): CType[] {
  const inputs = new Array<CType>(row.in).fill('u32');
  if (row.kind === 'text')
    return ['ptr', ...inputs, 'ptr', ...(row.lengthless ? [] : ['u32' as const])];
  return ['ptr', ...inputs, ...new Array<CType>(row.out).fill('ptr')];
}
