/**
 * libnvidia-ml, typed. Bindings alone: whether to ask and what an answer means is the caller's affair.
 *
 * - Every call leaves its nvmlReturn_t in `rc`. When it is not 0, numbers come back as NaN and texts as
 *   undefined; calls that fill something return `rc` and leave what they were given as it was.
 * - What every call of a device may answer: uninitialized before init(); invalidArgument for a handle that is
 *   void or a number that is out of range; notSupported where this GPU or its mode has no such thing; gpuIsLost,
 *   resetRequired; noPermission; driverNotLoaded and libRmVersionMismatch from init(); unknown. What a method
 *   answers besides, or by some of these in particular, is said at it.
 * - A function that the library lacks answers RETURN.functionNotFound, as NVML itself does for one that the
 *   driver lacks.
 * - Sentinels are passed on: U64_ALL_ONES and U32_ALL_ONES. They are also what is read where a driver
 *   answers success and writes nothing; of an `int`, the least there is.
 * - A u64 becomes a double, exact to 2^53.
 */
import { setText, setUint64, uint64 } from './arena.ts';
import { type CCall, type Library, type LibraryError, openLibrary } from './library.ts';
import { CALLS, type Call, type TextCall, type U32Call, type U64Call } from './nvml-calls.ts';
import { NvmlCore } from './nvml-core.ts';
import { NvmlEvents } from './nvml-events.ts';
import { NvmlFields } from './nvml-fields.ts';
import { NvmlGpm } from './nvml-gpm.ts';
import { NvmlHealth } from './nvml-health.ts';
import { NVML_SONAME, nvmlFiles } from './nvml-paths.ts';
import { NvmlProcesses } from './nvml-processes.ts';
import { NvmlReadings } from './nvml-readings.ts';
import { RETURN } from './nvml-returns.ts';
import type { Handle } from './nvml-types.ts';

export type { Call, TextCall, U32Call, U64Call } from './nvml-calls.ts';
export * from './nvml-lists.ts';
export { errorString, RETURN } from './nvml-returns.ts';
export * from './nvml-types.ts';

/** A UUID that is asked for stands behind the answer in the scratch memory. */
const UUID_AT = 16;

/**
 * Opens the library at `path` (absolute, or a soname) and no other, or without `path` the first that is
 * found in the usual places. Says why when there is none. Nothing is initialised yet.
 */
export function openNvml(path?: string): Nvml | LibraryError {
  const usual = [NVML_SONAME, ...nvmlFiles(NVML_SONAME)];
  const library = openLibrary(path === undefined ? usual : [path]);
  return 'error' in library ? library : new Nvml(library);
}

/** An open libnvidia-ml. Not for two threads: each opens its own (the C library itself is shared and thread-safe). */
export class Nvml {
  /** What was opened. */
  readonly path: string;
  /** Memory, utilisation, PCI, temperature, fans, samples. */
  readonly readings: NvmlReadings;
  /** ECC, retired pages, remapped rows, violations, fabric. */
  readonly health: NvmlHealth;
  readonly processes: NvmlProcesses;
  readonly fields: NvmlFields;
  readonly gpm: NvmlGpm;
  readonly events: NvmlEvents;
  readonly #core: NvmlCore;
  readonly #init: CCall;
  readonly #shutdown: CCall;
  readonly #driverVersion: CCall;
  readonly #nvmlVersion: CCall;
  readonly #cudaVersion: CCall;
  readonly #count: CCall;
  readonly #byIndex: CCall;
  readonly #byUuid: CCall;
  readonly #migByIndex: CCall;
  readonly #parent: CCall;

  constructor(library: Library) {
    const core = new NvmlCore(library);
    this.#core = core;
    this.path = library.path;
    this.readings = new NvmlReadings(core);
    this.health = new NvmlHealth(core);
    this.processes = new NvmlProcesses(core);
    this.fields = new NvmlFields(core);
    this.gpm = new NvmlGpm(core);
    this.events = new NvmlEvents(core);
    this.#init = core.bind(['nvmlInit_v2', 'nvmlInit'], []);
    this.#shutdown = core.bind(['nvmlShutdown'], []);
    this.#driverVersion = core.bind(['nvmlSystemGetDriverVersion'], ['ptr', 'u32']);
    this.#nvmlVersion = core.bind(['nvmlSystemGetNVMLVersion'], ['ptr', 'u32']);
    const cuda = 'nvmlSystemGetCudaDriverVersion';
    this.#cudaVersion = core.bind([`${cuda}_v2`, cuda], ['ptr']);
    this.#count = core.bind(['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'], ['ptr']);
    const byIndex = 'nvmlDeviceGetHandleByIndex';
    this.#byIndex = core.bind([`${byIndex}_v2`, byIndex], ['u32', 'ptr']);
    this.#byUuid = core.bind(['nvmlDeviceGetHandleByUUID'], ['ptr', 'ptr']);
    this.#migByIndex = core.bind(['nvmlDeviceGetMigDeviceHandleByIndex'], ['ptr', 'u32', 'ptr']);
    this.#parent = core.bind(['nvmlDeviceGetDeviceHandleFromMigDeviceHandle'], ['ptr', 'ptr']);
  }

  /** nvmlReturn_t of the last call, whichever object made it. */
  get rc(): number {
    return this.#core.rc;
  }

  /** Whether the library has a function: a call of the table, or a C name. Says nothing of the driver. */
  has(call: Call | `nvml${string}`): boolean {
    const { library } = this.#core;
    return call in CALLS
      ? CALLS[call as Call].symbols.some((symbol) => library.has(symbol))
      : library.has(call);
  }

  /** nvmlInit_v2: needs the driver's kernel module. Counted: as many shutdowns as inits. */
  init(): number {
    this.#core.rc = this.#init();
    return this.#core.rc;
  }

  shutdown(): number {
    this.#core.rc = this.#shutdown();
    return this.#core.rc;
  }

  driverVersion(): string | undefined {
    return this.#systemText(this.#driverVersion);
  }

  nvmlVersion(): string | undefined {
    return this.#systemText(this.#nvmlVersion);
  }

  /** The CUDA version that the driver supports: 1000 × major + 10 × minor. */
  cudaVersion(): number {
    return this.#systemNumber(this.#cudaVersion);
  }

  /** GPUs that the driver lets this process see. */
  deviceCount(): number {
    return this.#systemNumber(this.#count);
  }

  /** The GPU at an index, or 0. */
  handle(index: number): Handle {
    return this.#handle(this.#byIndex(index, this.#handleAt()));
  }

  /** A GPU or MIG device by its UUID, or 0. */
  handleByUuid(uuid: string): Handle {
    const { scratch } = this.#core;
    setText(scratch, UUID_AT, uuid);
    return this.#handle(this.#byUuid(scratch.pointer + UUID_AT, this.#handleAt()));
  }

  /** A MIG device of a GPU, or 0 where none is at the index; they are below u32('maxMigDeviceCount'), with gaps. */
  migHandle(device: Handle, index: number): Handle {
    return this.#handle(this.#migByIndex(device, index, this.#handleAt()));
  }

  /** The GPU of a MIG device, or 0. */
  parentHandle(migDevice: Handle): Handle {
    return this.#handle(this.#parent(migDevice, this.#handleAt()));
  }

  /** A call's number; of several, the first. `a`, `b` as the call's `in` says. */
  u32(call: U32Call, device: Handle, a = 0, b = 0): number {
    return this.#core.u32(call, device, a, b);
  }

  /** Another number of the u32 call that was made last, by its position: `more(1)` is the second. */
  more(position: number): number {
    return this.#core.more(position);
  }

  /** A call's 64-bit number. */
  u64(call: U64Call, device: Handle, a = 0, b = 0, c = 0): number {
    return this.#core.u64(call, device, a, b, c);
  }

  /** A call's text. */
  text(call: TextCall, device: Handle, a = 0): string | undefined {
    return this.#core.text(call, device, a);
  }

  #systemText(call: CCall): string | undefined {
    const core = this.#core;
    core.scratch.bytes[0] = 0;
    core.rc = call(core.scratch.pointer, core.scratch.bytes.length);
    return core.string();
  }

  #systemNumber(call: CCall): number {
    const { scratch } = this.#core;
    scratch.view.setInt32(0, -1, true);
    this.#core.rc = call(scratch.pointer);
    return this.#core.rc === RETURN.success ? scratch.view.getUint32(0, true) : Number.NaN;
  }

  /** Where a handle is written to, cleared: what a driver does not write is no handle. */
  #handleAt(): number {
    setUint64(this.#core.scratch.view, 0, 0);
    return this.#core.scratch.pointer;
  }

  #handle(rc: number): Handle {
    this.#core.rc = rc;
    return rc === RETURN.success ? uint64(this.#core.scratch.view, 0) : 0;
  }
}
