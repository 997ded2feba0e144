/**
 * librocm_smi64 of ROCm 5 to 7, typed. Bindings alone: whether to ask and what an answer means is the caller's
 * affair.
 *
 * - Every call leaves its rsmi_status_t in `rc`. When it is not 0, numbers come back as NaN; calls that fill
 *   something return `rc`, and what they were given is void.
 * - A function that the library lacks answers STATUS.notSupported, as the library does for one that the device
 *   lacks.
 * - The library aborts and crashes where it should answer an error, on a call before `init` too, and a device's
 *   index that is out of range. It throws through C where a file is not as it expects.
 * - rsmi_dev_pci_throughput_get is not bound: it takes a second.
 */
import { int64, type Region, region, uint64 } from './arena.ts';
import { type CCall, type CType, type Library, type LibraryError, openLibrary } from './library.ts';
import {
  argumentsOf,
  CALLS,
  type Call,
  type CallRow,
  THREAD_ONLY_MUTEX,
} from './rocm-smi-calls.ts';
import { LevelReader } from './rocm-smi-levels.ts';
import type { GpuMetrics } from './rocm-smi-metrics.ts';
import { rocmSmiCandidates } from './rocm-smi-paths.ts';
import { STATUS } from './rocm-smi-status.ts';
import { ERROR_COUNT, RETIRED_PAGE, VERSION } from './rocm-smi-structs.ts';
import type {
  Energy,
  ErrorCount,
  Levels,
  Link,
  PowerRange,
  RetiredPages,
  Version,
} from './rocm-smi-types.ts';

export { BLOCK, CLOCK, MEMORY, METRIC, SENSOR } from './rocm-smi-calls.ts';
export { GpuMetrics } from './rocm-smi-metrics.ts';
export { STATUS, statusText } from './rocm-smi-status.ts';
export type * from './rocm-smi-types.ts';

/** More than any release writes of what is answered here. */
const ROOM = 4096;
/** Most bad pages that are listed: what a driver that reports more counts beyond is not read. */
const MOST_PAGES = 4096;
/** Where the second and third outputs of a call are. */
const SECOND = 8;
const THIRD = 16;

/**
 * Opens the library at `path` (absolute, or a soname) and no other, or without `path` the first that is found
 * in the usual places. Says why when there is none. Nothing is initialised yet.
 */
export function openRocmSmi(path?: string): RocmSmi | LibraryError {
  const library = openLibrary(path === undefined ? rocmSmiCandidates() : [path]);
  return 'error' in library ? library : new RocmSmi(library);
}

/** An open librocm_smi64. Not for two threads. */
export class RocmSmi {
  /** What was opened. */
  readonly path: string;
  /** rsmi_status_t of the last call. */
  rc: number = STATUS.success;
  readonly #library: Library;
  readonly #scratch: Region = region(ROOM);
  readonly #pages: Region = region(MOST_PAGES * RETIRED_PAGE.bytes);
  readonly #calls: Partial<Record<Call, CCall>> = {};
  readonly #init: CCall;
  readonly #shutDown: CCall;
  readonly #count: CCall;
  readonly #powerCapRange: CCall;
  readonly #energy: CCall;
  readonly #clock: CCall;
  readonly #bandwidth: CCall;
  readonly #errors: CCall;
  readonly #badPages: CCall;
  readonly #gpuMetrics: CCall;
  #levels = new LevelReader(true);

  constructor(library: Library) {
    this.path = library.path;
    this.#library = library;
    const device = (name: string, ...args: CType[]): CCall =>
      this.#bind(`rsmi_dev_${name}_get`, ['u32', ...args]);
    this.#init = this.#bind('rsmi_init', ['u64']);
    this.#shutDown = this.#bind('rsmi_shut_down', []);
    this.#count = this.#bind('rsmi_num_monitor_devices', ['ptr']);
    this.#powerCapRange = device('power_cap_range', 'u32', 'ptr', 'ptr');
    this.#energy = device('energy_count', 'ptr', 'ptr', 'ptr');
    this.#clock = device('gpu_clk_freq', 'u32', 'ptr');
    this.#bandwidth = device('pci_bandwidth', 'ptr');
    this.#errors = device('ecc_count', 'u64', 'ptr');
    this.#badPages = device('memory_reserved_pages', 'ptr', 'ptr');
    this.#gpuMetrics = this.#bind('rsmi_dev_gpu_metrics_info_get', ['u32', 'ptr']);
  }

  /**
   * rsmi_init, which finds the devices; they stay as they are until `shutDown`. Also answers initError: a file is
   * missing, /dev/shm cannot be written, or (ROCm 5, after five seconds) another process holds its mutex there.
   */
  init(): number {
    this.#levels = new LevelReader(this.#isLate());
    this.rc = this.#init(THREAD_ONLY_MUTEX);
    return this.rc;
  }

  /** rsmi_shut_down: no other call but `init` may follow. */
  shutDown(): void {
    this.rc = this.#shutDown();
  }

  /** rsmi_version_get; needs no `init`. */
  version(): Version | undefined {
    const { view, pointer } = this.#cleared(VERSION.bytes);
    this.rc = this.#bind('rsmi_version_get', ['ptr'])(pointer);
    if (this.rc !== STATUS.success) return undefined;
    const { major, minor, patch } = VERSION.u32;
    return {
      major: view.getUint32(major, true),
      minor: view.getUint32(minor, true),
      patch: view.getUint32(patch, true),
    };
  }

  /** rsmi_num_monitor_devices. */
  deviceCount(): number {
    const { view, pointer } = this.#cleared(4);
    this.rc = this.#count(pointer);
    return this.rc === STATUS.success ? view.getUint32(0, true) : Number.NaN;
  }

  /** A call of the table CALLS, whose inputs are `a` and `b`. What the library does not write is NaN. */
  number(call: Call, device: number, a = 0, b = 0): number {
    const row: CallRow = CALLS[call];
    const { view, pointer } = this.#ones(8);
    if (row.out === 'i64') setLowest(view);
    const f = this.#function(call, row);
    if (row.in === 0) this.rc = f(device, pointer);
    else if (row.in === 1) this.rc = f(device, a, pointer);
    else this.rc = f(device, a, b, pointer);
    return this.rc === STATUS.success ? written(view, row.out) : Number.NaN;
  }

  /** rsmi_dev_power_cap_range_get. */
  powerCapRange(device: number, out: PowerRange): number {
    const { view, pointer } = this.#ones(16);
    this.rc = this.#powerCapRange(device, 0, pointer, pointer + SECOND);
    out.max = uint64(view, 0);
    out.min = uint64(view, SECOND);
    return this.rc;
  }

  /** rsmi_dev_energy_count_get. From gpu_metrics, at which ROCm 5.2 aborts when it is 1.4 or later. */
  energy(device: number, out: Energy): number {
    const { view, pointer } = this.#ones(24);
    this.rc = this.#energy(device, pointer, pointer + SECOND, pointer + THIRD);
    out.counter = uint64(view, 0);
    out.resolution = view.getFloat32(SECOND, true);
    return this.rc;
  }

  /** rsmi_dev_gpu_clk_freq_get: `clock` of CLOCK. unexpectedData where it can be of no release that is known. */
  clock(device: number, clock: number, out: Levels): number {
    const { view, pointer } = this.#cleared(ROOM);
    this.rc = this.#clock(device, clock, pointer);
    if (this.rc === STATUS.success && !this.#levels.frequencies(view, out)) {
      this.rc = STATUS.unexpectedData;
    }
    return this.rc;
  }

  /** rsmi_dev_pci_bandwidth_get: the link that the card has. As `clock`. */
  link(device: number, out: Link): number {
    const { view, pointer } = this.#cleared(ROOM);
    this.rc = this.#bandwidth(device, pointer);
    if (this.rc === STATUS.success && !this.#levels.link(view, out)) {
      this.rc = STATUS.unexpectedData;
    }
    return this.rc;
  }

  /** rsmi_dev_ecc_count_get: `block` of BLOCK. notSupported for a block that does not count. */
  errors(device: number, block: number, out: ErrorCount): number {
    const { view, pointer } = this.#ones(ERROR_COUNT.bytes);
    this.rc = this.#errors(device, block, pointer);
    out.corrected = uint64(view, ERROR_COUNT.u64.correctable_err);
    out.uncorrected = uint64(view, ERROR_COUNT.u64.uncorrectable_err);
    return this.rc;
  }

  /** rsmi_dev_memory_reserved_pages_get. */
  retiredPages(device: number, out: RetiredPages): number {
    const { view, pointer } = this.#cleared(4);
    out.retired = 0;
    out.pending = 0;
    out.unreservable = 0;
    this.rc = this.#badPages(device, pointer, 0);
    const there = view.getUint32(0, true);
    if (this.rc !== STATUS.success || there === 0) return this.rc;
    view.setUint32(0, Math.min(there, MOST_PAGES), true);
    this.rc = this.#badPages(device, pointer, this.#pages.pointer);
    if (this.rc !== STATUS.success && this.rc !== STATUS.insufficientSize) return this.rc;
    this.rc = STATUS.success;
    const listed = Math.min(view.getUint32(0, true), MOST_PAGES);
    for (let i = 0; i < listed; i++) {
      const at = i * RETIRED_PAGE.bytes + RETIRED_PAGE.u32.status;
      const status = this.#pages.view.getUint32(at, true);
      if (status === 0) out.retired++;
      else if (status === 1) out.pending++;
      else if (status === 2) out.unreservable++;
    }
    return this.rc;
  }

  /** rsmi_dev_gpu_metrics_info_get. ROCm 5.2 aborts at a table of 1.4 or later. */
  gpuMetrics(device: number, out: GpuMetrics): number {
    out.clear();
    this.rc = this.#gpuMetrics(device, out.pointer);
    return this.rc;
  }

  /** Whether its structs are those since ROCm 6. The version decides; without one, a function that came then. */
  #isLate(): boolean {
    const version = this.version();
    return version === undefined ? this.#library.has('rsmi_dev_power_get') : version.major >= 7;
  }

  #bind(symbol: string, args: readonly CType[]): CCall {
    return this.#library.bind([symbol], args, STATUS.notSupported);
  }

  #function(call: Call, row: CallRow): CCall {
    const f = this.#calls[call] ?? this.#bind(row.symbol, argumentsOf(row));
    this.#calls[call] = f;
    return f;
  }

  #cleared(bytes: number): Region {
    this.#scratch.bytes.fill(0, 0, bytes);
    return this.#scratch;
  }

  /** What the library does not write, though it answers success, reads as all ones. */
  #ones(bytes: number): Region {
    this.#scratch.bytes.fill(0xff, 0, bytes);
    return this.#scratch;
  }
}

/** What an output reads as that the library did not write. -1 is a value: the lowest of all is not. */
const UNWRITTEN = { u16: 0xffff, u32: 0xffff_ffff, u64: 2 ** 64, i64: -(2 ** 63) } as const;

function setLowest(view: DataView): void {
  view.setUint32(0, 0, true);
  view.setUint32(4, 0x8000_0000, true);
}

function written(view: DataView, type: CallRow['out']): number {
  const value = type === 'i64' ? int64(view, 0) : unsigned(view, type);
  return value === UNWRITTEN[type] ? Number.NaN : value;
}

function unsigned(view: DataView, type: 'u16' | 'u32' | 'u64'): number {
  if (type === 'u64') return uint64(view, 0);
  return type === 'u32' ? view.getUint32(0, true) : view.getUint16(0, true);
}
