/** What NVML fills row by row: columns of numbers, made once by the caller, which grow and never shrink. */

/** Columns of equal capacity, of which the rows below `length` are valid since the last call. */
abstract class Columns {
  length = 0;
  #capacity = 0;

  /** Makes room for `rows`; what was in the columns is lost. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, this.#capacity * 2);
    this.allocate(this.#capacity);
  }

  protected abstract allocate(capacity: number): void;
}

/** Processes that hold a context on a device. */
export class ProcessList extends Columns {
  pid = new Uint32Array();
  /** Bytes; U64_ALL_ONES where NVML may not tell (MIG without permission). */
  memory = new Float64Array();
  /** Bytes of protected memory (confidential computing); NaN from a call whose record lacks it. */
  protectedMemory = new Float64Array();
  /** U32_ALL_ONES without MIG. */
  gpuInstance = new Uint32Array();
  computeInstance = new Uint32Array();

  protected override allocate(capacity: number): void {
    this.pid = new Uint32Array(capacity);
    this.memory = new Float64Array(capacity);
    this.protectedMemory = new Float64Array(capacity);
    this.gpuInstance = new Uint32Array(capacity);
    this.computeInstance = new Uint32Array(capacity);
  }
}

/** What processes used of the engines, per cent. A pid may occur several times, once per sampling period. */
export class ProcessUtilization extends Columns {
  pid = new Uint32Array();
  /** End of the sampling period, microseconds since 1970. */
  timestamp = new Float64Array();
  sm = new Uint32Array();
  memory = new Uint32Array();
  encoder = new Uint32Array();
  decoder = new Uint32Array();
  /** U32_ALL_ONES from a driver before 550, whose record lacks it; `ofa` alike. */
  jpeg = new Uint32Array();
  ofa = new Uint32Array();

  protected override allocate(capacity: number): void {
    this.pid = new Uint32Array(capacity);
    this.timestamp = new Float64Array(capacity);
    this.sm = new Uint32Array(capacity);
    this.memory = new Uint32Array(capacity);
    this.encoder = new Uint32Array(capacity);
    this.decoder = new Uint32Array(capacity);
    this.jpeg = new Uint32Array(capacity);
    this.ofa = new Uint32Array(capacity);
  }
}

/** Readings that the driver kept, in the unit of their sampling type: per cent, mW, MHz. */
export class SampleList extends Columns {
  /** Microseconds since 1970. */
  timestamp = new Float64Array();
  value = new Float64Array();

  protected override allocate(capacity: number): void {
    this.timestamp = new Float64Array(capacity);
    this.value = new Float64Array(capacity);
  }
}

/** Retired pages. */
export class PageList extends Columns {
  address = new Float64Array();
  /** Microseconds since 1970; NaN from a driver without nvmlDeviceGetRetiredPages_v2. */
  timestamp = new Float64Array();

  protected override allocate(capacity: number): void {
    this.address = new Float64Array(capacity);
    this.timestamp = new Float64Array(capacity);
  }
}

/** A fixed question of many parts, with an answer and a return code for each. */
abstract class Batch {
  readonly ids: Uint32Array;
  /** NaN where `rc` is not 0. */
  readonly value: Float64Array;
  /** nvmlReturn_t of each part. Valid when the call itself succeeded. */
  readonly rc: Uint32Array;

  constructor(ids: readonly number[]) {
    this.ids = Uint32Array.from(ids);
    this.value = new Float64Array(ids.length).fill(Number.NaN);
    this.rc = new Uint32Array(ids.length);
  }

  get length(): number {
    return this.ids.length;
  }
}

/** nvmlValueType_t. */
export const VALUE_TYPE = {
  double: 0,
  unsignedInt: 1,
  /** 64 bits on Linux. */
  unsignedLong: 2,
  unsignedLongLong: 3,
  signedLongLong: 4,
  signedInt: 5,
  unsignedShort: 6,
} as const;

/** Fields (NVML_FI_ ids) to ask nvmlDeviceGetFieldValues for. */
export class FieldBatch extends Batch {
  /** NVLink number and the like; 0 for a field without scope, all-ones for all links. */
  readonly scopes: Uint32Array;
  /** VALUE_TYPE; all-ones where there is no value. */
  readonly type: Uint32Array;

  /** `fields`: ids, or pairs of id and scope. */
  constructor(fields: readonly (number | readonly [id: number, scope: number])[]) {
    super(fields.map((field) => (typeof field === 'number' ? field : field[0])));
    this.scopes = Uint32Array.from(fields, (field) => (typeof field === 'number' ? 0 : field[1]));
    this.type = new Uint32Array(fields.length);
  }
}

/** Metrics (NVML_GPM_METRIC_ ids) to ask nvmlGpmMetricsGet for: per cent, MiB/s for those PER_SEC. */
export class GpmBatch extends Batch {}
