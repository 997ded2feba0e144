/** NVML calls that fill something about errors and limits: ECC, retired pages, remapped rows, violations, fabric. */
import { uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import type { PageList } from './nvml-lists.ts';
import { RETURN } from './nvml-returns.ts';
import {
  ECC_COUNTS,
  FABRIC,
  FABRIC_V2,
  FABRIC_V3,
  ROW_HISTOGRAM,
  SRAM_ERRORS,
  VIOLATION,
} from './nvml-structs.ts';
import type {
  EccCounts,
  Fabric,
  Handle,
  RowHistogram,
  SramErrors,
  Violation,
} from './nvml-types.ts';

export class NvmlHealth {
  readonly #core: NvmlCore;
  readonly #violation: CCall;
  readonly #eccCounts: CCall;
  readonly #sram: CCall;
  readonly #rows: CCall;
  readonly #pagesV2: CCall;
  readonly #pages: CCall;
  readonly #fabricV: CCall;
  readonly #fabric: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#violation = core.bind(['nvmlDeviceGetViolationStatus'], ['ptr', 'u32', 'ptr']);
    this.#eccCounts = core.bind(['nvmlDeviceGetDetailedEccErrors'], ['ptr', 'u32', 'u32', 'ptr']);
    this.#sram = core.bind(['nvmlDeviceGetSramEccErrorStatus'], ['ptr', 'ptr']);
    this.#rows = core.bind(['nvmlDeviceGetRowRemapperHistogram'], ['ptr', 'ptr']);
    this.#pagesV2 = core.bind(
      ['nvmlDeviceGetRetiredPages_v2'],
      ['ptr', 'u32', 'ptr', 'ptr', 'ptr'],
    );
    this.#pages = core.bind(['nvmlDeviceGetRetiredPages'], ['ptr', 'u32', 'ptr', 'ptr']);
    this.#fabricV = core.bind(['nvmlDeviceGetGpuFabricInfoV'], ['ptr', 'ptr']);
    this.#fabric = core.bind(['nvmlDeviceGetGpuFabricInfo'], ['ptr', 'ptr']);
  }

  /**
   * nvmlViolationTime_t. Policies: 0 power, 1 thermal, 2 sync boost, 3 board limit, 4 low utilisation,
   * 5 reliability, 10 application clocks, 11 base clocks. Microseconds and nanoseconds. invalidArgument for
   * another policy, noPermission where only root may know.
   */
  violation(device: Handle, policy: number, out: Violation): number {
    const core = this.#core;
    core.rc = this.#violation(device, policy, core.struct(VIOLATION));
    if (core.rc !== RETURN.success) return core.rc;
    out.reference = uint64(core.scratch.view, VIOLATION.u64.referenceTime);
    out.time = uint64(core.scratch.view, VIOLATION.u64.violationTime);
    return core.rc;
  }

  /** nvmlEccErrorCounts_t. `type` 0 corrected, 1 uncorrected; `counter` 0 volatile, 1 aggregate. notSupported while ECC is off. */
  eccCounts(device: Handle, type: number, counter: number, out: EccCounts): number {
    const core = this.#core;
    const { view } = core.scratch;
    core.rc = this.#eccCounts(device, type, counter, core.struct(ECC_COUNTS));
    if (core.rc !== RETURN.success) return core.rc;
    out.l1 = uint64(view, ECC_COUNTS.u64.l1Cache);
    out.l2 = uint64(view, ECC_COUNTS.u64.l2Cache);
    out.memory = uint64(view, ECC_COUNTS.u64.deviceMemory);
    out.registers = uint64(view, ECC_COUNTS.u64.registerFile);
    return core.rc;
  }

  /** nvmlEccSramErrorStatus_v1_t. R535+. argumentVersionMismatch from a driver that has another version. */
  sramErrors(device: Handle, out: SramErrors): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#sram, device, SRAM_ERRORS);
    if (rc !== RETURN.success) return rc;
    const at = SRAM_ERRORS.u64;
    out.aggregateParity = uint64(view, at.aggregateUncParity);
    out.aggregateSecDed = uint64(view, at.aggregateUncSecDed);
    out.aggregateCorrected = uint64(view, at.aggregateCor);
    out.volatileParity = uint64(view, at.volatileUncParity);
    out.volatileSecDed = uint64(view, at.volatileUncSecDed);
    out.volatileCorrected = uint64(view, at.volatileCor);
    out.l2 = uint64(view, at.aggregateUncBucketL2);
    out.sm = uint64(view, at.aggregateUncBucketSm);
    out.pcie = uint64(view, at.aggregateUncBucketPcie);
    out.microcontroller = uint64(view, at.aggregateUncBucketMcu);
    out.other = uint64(view, at.aggregateUncBucketOther);
    out.thresholdExceeded = view.getUint32(SRAM_ERRORS.u32.bThresholdExceeded, true);
    return rc;
  }

  /** nvmlRowRemapperHistogramValues_t. Ampere and later. */
  rowHistogram(device: Handle, out: RowHistogram): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#rows, device, ROW_HISTOGRAM);
    if (rc !== RETURN.success) return rc;
    out.max = view.getUint32(ROW_HISTOGRAM.u32.max, true);
    out.high = view.getUint32(ROW_HISTOGRAM.u32.high, true);
    out.partial = view.getUint32(ROW_HISTOGRAM.u32.partial, true);
    out.low = view.getUint32(ROW_HISTOGRAM.u32.low, true);
    out.none = view.getUint32(ROW_HISTOGRAM.u32.none, true);
    return rc;
  }

  /**
   * Pages that were retired, pending ones included, for a cause: 0 corrected errors, 1 an uncorrected one.
   * insufficientSize is answered with more memory; notSupported where rows are remapped instead.
   */
  retiredPages(device: Handle, cause: number, out: PageList): number {
    const core = this.#core;
    const { scratch } = core;
    let given: number;
    let count: number;
    let timed = true;
    do {
      // Addresses first, times behind them.
      given = core.rows(16);
      const at: number = core.list.pointer;
      scratch.view.setUint32(0, given, true);
      core.rc = this.#pagesV2(device, cause, scratch.pointer, at, at + 8 * given);
      if (core.rc === RETURN.functionNotFound) {
        timed = false;
        core.rc = this.#pages(device, cause, scratch.pointer, at);
      }
      count = scratch.view.getUint32(0, true);
    } while (core.again(core.rc, count, given, 16));
    if (core.rc !== RETURN.success) return core.rc;
    const { view } = core.list;
    out.reserve(count);
    out.length = count;
    for (let i = 0; i < count; i++) {
      out.address[i] = uint64(view, 8 * i);
      out.timestamp[i] = timed ? uint64(view, 8 * (given + i)) : Number.NaN;
    }
    return core.rc;
  }

  /** nvmlGpuFabricInfo, the newest version of it that the driver knows. */
  fabric(device: Handle, out: Fabric): number {
    const core = this.#core;
    const { view, bytes } = core.scratch;
    let rc = core.fill(this.#fabricV, device, FABRIC_V3);
    let summary = true;
    if (rc === RETURN.argumentVersionMismatch) {
      summary = false;
      rc = core.fill(this.#fabricV, device, FABRIC_V2);
    }
    const versioned = rc !== RETURN.functionNotFound;
    if (!versioned) rc = core.fill(this.#fabric, device, FABRIC);
    if (rc !== RETURN.success) return rc;
    // Version 3 starts as version 2 does.
    const at = versioned ? FABRIC_V2 : FABRIC;
    const [uuid, length] = at.text.clusterUuid;
    out.cluster = bytes.subarray(uuid, uuid + length).toHex();
    out.status = view.getUint32(at.u32.status, true);
    out.clique = view.getUint32(at.u32.cliqueId, true);
    out.state = view.getUint8(at.u8.state);
    out.healthMask = versioned ? view.getUint32(FABRIC_V2.u32.healthMask, true) : Number.NaN;
    out.healthSummary =
      versioned && summary ? view.getUint8(FABRIC_V3.u8.healthSummary) : Number.NaN;
    return rc;
  }
}
