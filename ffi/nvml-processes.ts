/** NVML calls about processes: who holds a context and how much memory, and what they use of the engines. */
import { setUint64, uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import type { ProcessList, ProcessUtilization } from './nvml-lists.ts';
import {
  PROCESS_DETAIL,
  PROCESS_DETAIL_LIST,
  PROCESS_UTILIZATION,
  PROCESS_UTILIZATION_INFO,
  PROCESS_V1,
  PROCESS_V2,
  PROCESSES_UTILIZATION,
} from './nvml-records.ts';
import { RETURN } from './nvml-returns.ts';
import { type Handle, U32_ALL_ONES } from './nvml-types.ts';

/** Which contexts. The position is nvmlDeviceGetRunningProcessDetailList's mode. */
const MODES = ['Compute', 'Graphics', 'MPSCompute'] as const;
export type ProcessMode = 'compute' | 'graphics' | 'mps';
const INDEX: Readonly<Record<ProcessMode, number>> = { compute: 0, graphics: 1, mps: 2 };

/** A function that lists processes and the record that it fills. */
interface Lister {
  readonly call: CCall;
  readonly record: typeof PROCESS_V1 | typeof PROCESS_V2 | typeof PROCESS_DETAIL;
}

export class NvmlProcesses {
  readonly #core: NvmlCore;
  readonly #listers: readonly Lister[];
  readonly #details: CCall;
  readonly #utilizationInfo: CCall;
  readonly #utilization: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#listers = MODES.map((mode) => lister(core, mode));
    this.#details = core.bind(['nvmlDeviceGetRunningProcessDetailList'], ['ptr', 'ptr']);
    this.#utilizationInfo = core.bind(['nvmlDeviceGetProcessesUtilizationInfo'], ['ptr', 'ptr']);
    this.#utilization = core.bind(
      ['nvmlDeviceGetProcessUtilization'],
      ['ptr', 'ptr', 'ptr', 'u64'],
    );
  }

  /** Bytes of the record that a mode's function fills in this library: 16, 24 or 32. */
  recordBytes(mode: ProcessMode): number {
    return this.#lister(mode).record.bytes;
  }

  /**
   * nvmlProcessInfo_t: processes that hold a context of a mode on a GPU or MIG device. A process may be in
   * several modes. insufficientSize is answered with more memory; noPermission for what others run in MIG.
   */
  list(mode: ProcessMode, device: Handle, out: ProcessList): number {
    const core = this.#core;
    const { call, record } = this.#lister(mode);
    let given: number;
    let count: number;
    do {
      given = core.rows(record.bytes);
      core.scratch.view.setUint32(0, given, true);
      core.rc = call(device, core.scratch.pointer, core.list.pointer);
      count = core.scratch.view.getUint32(0, true);
    } while (core.again(core.rc, count, given, record.bytes));
    return this.#processesInto(out, count, record);
  }

  /** The same by nvmlDeviceGetRunningProcessDetailList (R550+), whose records have protected memory too. */
  details(mode: ProcessMode, device: Handle, out: ProcessList): number {
    const core = this.#core;
    const { view } = core.scratch;
    let given: number;
    let count: number;
    do {
      given = core.rows(PROCESS_DETAIL.bytes);
      const pointer = core.struct(PROCESS_DETAIL_LIST);
      view.setUint32(PROCESS_DETAIL_LIST.u32.mode, INDEX[mode], true);
      view.setUint32(PROCESS_DETAIL_LIST.u32.numProcArrayEntries, given, true);
      setUint64(view, PROCESS_DETAIL_LIST.ptr.procArray, core.list.pointer);
      core.rc = this.#details(device, pointer);
      count = view.getUint32(PROCESS_DETAIL_LIST.u32.numProcArrayEntries, true);
    } while (core.again(core.rc, count, given, PROCESS_DETAIL.bytes));
    return this.#processesInto(out, count, PROCESS_DETAIL);
  }

  #lister(mode: ProcessMode): Lister {
    return this.#listers[INDEX[mode]] as Lister;
  }

  #processesInto(out: ProcessList, count: number, record: Lister['record']): number {
    const { rc, list } = this.#core;
    if (rc !== RETURN.success) return rc;
    const { view } = list;
    out.reserve(count);
    out.length = count;
    for (let i = 0, at = 0; i < count; i++, at += record.bytes) {
      out.pid[i] = view.getUint32(at, true);
      out.memory[i] = uint64(view, at + 8);
      const instances = record !== PROCESS_V1;
      out.gpuInstance[i] = instances ? view.getUint32(at + 16, true) : U32_ALL_ONES;
      out.computeInstance[i] = instances ? view.getUint32(at + 20, true) : U32_ALL_ONES;
      out.protectedMemory[i] = record === PROCESS_DETAIL ? uint64(view, at + 24) : Number.NaN;
    }
    return rc;
  }

  /**
   * What processes used of the engines in the sampling periods after `since` (microseconds since 1970; 0: all
   * that the driver kept). notFound when there are none. Not on a GPU in MIG mode.
   */
  utilization(device: Handle, since: number, out: ProcessUtilization): number {
    const rc = this.#newUtilization(device, since, out);
    const old = rc === RETURN.functionNotFound || rc === RETURN.argumentVersionMismatch;
    return old ? this.#oldUtilization(device, since, out) : rc;
  }

  #newUtilization(device: Handle, since: number, out: ProcessUtilization): number {
    const core = this.#core;
    const { view } = core.scratch;
    const { bytes, u32, u64 } = PROCESS_UTILIZATION_INFO;
    let given: number;
    let count: number;
    do {
      given = core.rows(bytes);
      const pointer = core.struct(PROCESSES_UTILIZATION);
      view.setUint32(PROCESSES_UTILIZATION.u32.processSamplesCount, given, true);
      setUint64(view, PROCESSES_UTILIZATION.u64.lastSeenTimeStamp, since);
      setUint64(view, PROCESSES_UTILIZATION.ptr.procUtilArray, core.list.pointer);
      core.rc = this.#utilizationInfo(device, pointer);
      count = view.getUint32(PROCESSES_UTILIZATION.u32.processSamplesCount, true);
    } while (core.again(core.rc, count, given, bytes));
    if (core.rc !== RETURN.success) return core.rc;
    out.reserve(count);
    out.length = count;
    const rows = core.list.view;
    for (let i = 0, at = 0; i < count; i++, at += bytes) {
      out.timestamp[i] = uint64(rows, at + u64.timeStamp);
      out.pid[i] = rows.getUint32(at + u32.pid, true);
      out.sm[i] = rows.getUint32(at + u32.smUtil, true);
      out.memory[i] = rows.getUint32(at + u32.memUtil, true);
      out.encoder[i] = rows.getUint32(at + u32.encUtil, true);
      out.decoder[i] = rows.getUint32(at + u32.decUtil, true);
      out.jpeg[i] = rows.getUint32(at + u32.jpgUtil, true);
      out.ofa[i] = rows.getUint32(at + u32.ofaUtil, true);
    }
    return core.rc;
  }

  #oldUtilization(device: Handle, since: number, out: ProcessUtilization): number {
    const core = this.#core;
    const { bytes, u32, u64 } = PROCESS_UTILIZATION;
    let given: number;
    let count: number;
    do {
      given = core.rows(bytes);
      core.scratch.view.setUint32(0, given, true);
      core.rc = this.#utilization(device, core.list.pointer, core.scratch.pointer, since);
      count = core.scratch.view.getUint32(0, true);
    } while (core.again(core.rc, count, given, bytes));
    if (core.rc !== RETURN.success) return core.rc;
    out.reserve(count);
    out.length = count;
    const rows = core.list.view;
    for (let i = 0, at = 0; i < count; i++, at += bytes) {
      out.timestamp[i] = uint64(rows, at + u64.timeStamp);
      out.pid[i] = rows.getUint32(at + u32.pid, true);
      out.sm[i] = rows.getUint32(at + u32.smUtil, true);
      out.memory[i] = rows.getUint32(at + u32.memUtil, true);
      out.encoder[i] = rows.getUint32(at + u32.encUtil, true);
      out.decoder[i] = rows.getUint32(at + u32.decUtil, true);
      out.jpeg[i] = U32_ALL_ONES;
      out.ofa[i] = U32_ALL_ONES;
    }
    return core.rc;
  }
}

/**
 * The newest function and its record. Drivers 530 to 535.86 export `_v3` with a record of 32 bytes; they
 * are told from their neighbours by what came in and went out together with it.
 */
function lister(core: NvmlCore, mode: string): Lister {
  const { library } = core;
  const name = `nvmlDeviceGet${mode}RunningProcesses`;
  const long =
    library.has('nvmlDeviceGetConfComputeMemSizeInfo') &&
    !library.has('nvmlDeviceGetRunningProcessDetailList');
  const call = core.bind([`${name}_v3`, `${name}_v2`, name], ['ptr', 'ptr', 'ptr']);
  if (library.has(`${name}_v3`)) return { call, record: long ? PROCESS_DETAIL : PROCESS_V2 };
  return { call, record: library.has(`${name}_v2`) ? PROCESS_V2 : PROCESS_V1 };
}
