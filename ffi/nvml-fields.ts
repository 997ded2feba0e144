/** NVML's field values (many numbers by one call) and sample buffers (many readings of one number). */
import { int64, uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import { type FieldBatch, type SampleList, VALUE_TYPE } from './nvml-lists.ts';
import { FIELD_VALUE, SAMPLE } from './nvml-records.ts';
import { RETURN } from './nvml-returns.ts';
import { type Handle, U32_ALL_ONES } from './nvml-types.ts';

/** nvmlValueType_t of what has no value. */
const NO_TYPE = U32_ALL_ONES;

export class NvmlFields {
  readonly #core: NvmlCore;
  readonly #values: CCall;
  readonly #samples: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#values = core.bind(['nvmlDeviceGetFieldValues'], ['ptr', 'i32', 'ptr']);
    this.#samples = core.bind(['nvmlDeviceGetSamples'], ['ptr', 'u32', 'u64', 'ptr', 'ptr', 'ptr']);
  }

  /**
   * Asks for all of a batch. Where one field cannot be had, its `rc` says so and its `value` is NaN, while the
   * call succeeds; where the call itself fails, so does every field.
   */
  read(device: Handle, batch: FieldBatch): number {
    const core = this.#core;
    const { bytes, u32, u64 } = FIELD_VALUE;
    const { length } = batch;
    core.room(length, bytes);
    const { view } = core.list;
    for (let i = 0, at = 0; i < length; i++, at += bytes) {
      view.setUint32(at + u32.fieldId, batch.ids[i] as number, true);
      view.setUint32(at + u32.scopeId, batch.scopes[i] as number, true);
    }
    core.rc = this.#values(device, length, core.list.pointer);
    for (let i = 0, at = 0; i < length; i++, at += bytes) {
      const rc = core.rc === RETURN.success ? view.getUint32(at + u32.nvmlReturn, true) : core.rc;
      batch.rc[i] = rc;
      const type = rc === RETURN.success ? view.getUint32(at + u32.valueType, true) : NO_TYPE;
      batch.type[i] = type;
      batch.value[i] = value(view, at + u64.value, type);
    }
    return core.rc;
  }

  /**
   * Readings that the driver kept and that are newer than `since` (microseconds since 1970; 0: all of them).
   * Types: 0 total power mW, 1 GPU, 2 memory, 3 encoder, 4 decoder utilisation per cent, 5 processor clock,
   * 6 memory clock MHz, 7 module power mW, 8 JPEG, 9 OFA utilisation. notFound when there are none.
   */
  samples(device: Handle, type: number, since: number, out: SampleList): number {
    const core = this.#core;
    const { view, pointer } = core.scratch;
    const { bytes, u64 } = SAMPLE;
    let given: number;
    let count: number;
    do {
      given = core.rows(bytes);
      view.setUint32(0, given, true);
      view.setInt32(8, -1, true);
      core.rc = this.#samples(device, type, since, pointer + 8, pointer, core.list.pointer);
      count = view.getUint32(0, true);
    } while (core.again(core.rc, count, given, bytes));
    if (core.rc !== RETURN.success) return core.rc;
    const valueType = view.getUint32(8, true);
    out.reserve(count);
    out.length = count;
    for (let i = 0, at = 0; i < count; i++, at += bytes) {
      out.timestamp[i] = uint64(core.list.view, at + u64.timeStamp);
      out.value[i] = value(core.list.view, at + u64.sampleValue, valueType);
    }
    return core.rc;
  }
}

/** nvmlValue_t by its nvmlValueType_t; NaN for a type that is not known. */
function value(view: DataView, at: number, type: number): number {
  switch (type) {
    case VALUE_TYPE.double:
      return view.getFloat64(at, true);
    case VALUE_TYPE.unsignedInt:
      return view.getUint32(at, true);
    case VALUE_TYPE.unsignedLong:
    case VALUE_TYPE.unsignedLongLong:
      return uint64(view, at);
    case VALUE_TYPE.signedLongLong:
      return int64(view, at);
    case VALUE_TYPE.signedInt:
      return view.getInt32(at, true);
    case VALUE_TYPE.unsignedShort:
      return view.getUint16(at, true);
    default:
      return Number.NaN;
  }
}
