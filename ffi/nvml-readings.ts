/** NVML calls that fill one struct about a device: memory, utilisation, bus, temperature, fans. */
import { text, uint64 } from './arena.ts';
import type { CCall } from './library.ts';
import type { NvmlCore } from './nvml-core.ts';
import { RETURN } from './nvml-returns.ts';
import {
  ATTRIBUTES,
  BAR1,
  FAN_SPEED,
  MEMORY,
  MEMORY_V2,
  PCI,
  TEMPERATURE,
  UTILIZATION,
} from './nvml-structs.ts';
import type { Attributes, Bar1, Handle, Memory, Pci, Utilization } from './nvml-types.ts';

export class NvmlReadings {
  readonly #core: NvmlCore;
  readonly #memoryV2: CCall;
  readonly #memory: CCall;
  readonly #protected: CCall;
  readonly #bar1: CCall;
  readonly #utilization: CCall;
  readonly #pci: CCall;
  readonly #remotePci: CCall;
  readonly #temperature: CCall;
  readonly #fanSpeed: CCall;
  readonly #onlyFanSpeed: CCall;
  readonly #fanRpm: CCall;
  readonly #attributes: CCall;

  constructor(core: NvmlCore) {
    this.#core = core;
    this.#memoryV2 = core.bind(['nvmlDeviceGetMemoryInfo_v2'], ['ptr', 'ptr']);
    this.#memory = core.bind(['nvmlDeviceGetMemoryInfo'], ['ptr', 'ptr']);
    this.#protected = core.bind(['nvmlDeviceGetConfComputeProtectedMemoryUsage'], ['ptr', 'ptr']);
    this.#bar1 = core.bind(['nvmlDeviceGetBAR1MemoryInfo'], ['ptr', 'ptr']);
    this.#utilization = core.bind(['nvmlDeviceGetUtilizationRates'], ['ptr', 'ptr']);
    // Before _v3 the struct ended elsewhere; every driver in use has it.
    this.#pci = core.bind(['nvmlDeviceGetPciInfo_v3'], ['ptr', 'ptr']);
    this.#remotePci = core.bind(['nvmlDeviceGetNvLinkRemotePciInfo_v2'], ['ptr', 'u32', 'ptr']);
    this.#temperature = core.bind(['nvmlDeviceGetTemperatureV'], ['ptr', 'ptr']);
    this.#fanSpeed = core.bind(['nvmlDeviceGetFanSpeed_v2'], ['ptr', 'u32', 'ptr']);
    this.#onlyFanSpeed = core.bind(['nvmlDeviceGetFanSpeed'], ['ptr', 'ptr']);
    this.#fanRpm = core.bind(['nvmlDeviceGetFanSpeedRPM'], ['ptr', 'ptr']);
    this.#attributes = core.bind(['nvmlDeviceGetAttributes_v2'], ['ptr', 'ptr']);
  }

  /**
   * nvmlMemory_v2_t, and where the library or the driver has no such (functionNotFound,
   * argumentVersionMismatch), nvmlMemory_t. Bytes. notSupported where the memory is the machine's (GB10).
   */
  memory(device: Handle, out: Memory): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#memoryV2, device, MEMORY_V2);
    if (rc === RETURN.functionNotFound || rc === RETURN.argumentVersionMismatch) {
      return this.#memoryV1(device, out);
    }
    if (rc !== RETURN.success) return rc;
    out.total = uint64(view, MEMORY_V2.u64.total);
    out.reserved = uint64(view, MEMORY_V2.u64.reserved);
    out.free = uint64(view, MEMORY_V2.u64.free);
    out.used = uint64(view, MEMORY_V2.u64.used);
    return rc;
  }

  /** nvmlMemory_t of what confidential computing protects. Bytes; `reserved` is NaN. R535+. */
  protectedMemory(device: Handle, out: Memory): number {
    return this.#plain(this.#protected, device, out);
  }

  #memoryV1(device: Handle, out: Memory): number {
    return this.#plain(this.#memory, device, out);
  }

  #plain(call: CCall, device: Handle, out: Memory): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(call, device, MEMORY);
    if (rc !== RETURN.success) return rc;
    out.total = uint64(view, MEMORY.u64.total);
    out.reserved = Number.NaN;
    out.free = uint64(view, MEMORY.u64.free);
    out.used = uint64(view, MEMORY.u64.used);
    return rc;
  }

  /** nvmlBAR1Memory_t. Bytes. notSupported without such a window, and where memory() is not supported. */
  bar1(device: Handle, out: Bar1): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#bar1, device, BAR1);
    if (rc !== RETURN.success) return rc;
    out.total = uint64(view, BAR1.u64.bar1Total);
    out.free = uint64(view, BAR1.u64.bar1Free);
    out.used = uint64(view, BAR1.u64.bar1Used);
    return rc;
  }

  /** nvmlUtilization_t. Per cent of the last sampling period. notSupported in MIG mode. */
  utilization(device: Handle, out: Utilization): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#utilization, device, UTILIZATION);
    if (rc !== RETURN.success) return rc;
    out.gpu = view.getUint32(UTILIZATION.u32.gpu, true);
    out.memory = view.getUint32(UTILIZATION.u32.memory, true);
    return rc;
  }

  /**
   * nvmlTemperature_v1_t: degrees Celsius of a sensor (0: the die); by nvmlDeviceGetTemperatureV where there is
   * one. invalidArgument for a sensor that is not there.
   */
  temperature(device: Handle, sensor = 0): number {
    const core = this.#core;
    const { view } = core.scratch;
    const pointer = core.struct(TEMPERATURE);
    view.setUint32(TEMPERATURE.u32.sensorType, sensor, true);
    core.rc = this.#temperature(device, pointer);
    if (core.rc === RETURN.functionNotFound || core.rc === RETURN.argumentVersionMismatch) {
      return core.u32('temperature', device, sensor, 0);
    }
    const read = view.getInt32(TEMPERATURE.u32.temperature, true);
    return core.rc === RETURN.success ? read : Number.NaN;
  }

  /**
   * Per cent of the maximum that a fan is asked to turn at. A driver without _v2 knows one fan. notSupported
   * without fans, invalidArgument beyond the last.
   */
  fanSpeed(device: Handle, fan: number): number {
    const core = this.#core;
    const { view, pointer } = core.scratch;
    view.setInt32(0, -1, true);
    core.rc = this.#fanSpeed(device, fan, pointer);
    if (core.rc === RETURN.functionNotFound && fan === 0) {
      core.rc = this.#onlyFanSpeed(device, pointer);
    }
    return core.rc === RETURN.success ? view.getUint32(0, true) : Number.NaN;
  }

  /** nvmlFanSpeedInfo_v1_t: revolutions per minute, measured. R570+. Errors as of fanSpeed. */
  fanRpm(device: Handle, fan: number): number {
    const core = this.#core;
    const { view } = core.scratch;
    const pointer = core.struct(FAN_SPEED);
    view.setUint32(FAN_SPEED.u32.fan, fan, true);
    core.rc = this.#fanRpm(device, pointer);
    return core.rc === RETURN.success ? view.getUint32(FAN_SPEED.u32.speed, true) : Number.NaN;
  }

  /** nvmlPciInfo_t of the device. */
  pci(device: Handle, out: Pci): number {
    return this.#pciInto(this.#core.fill(this.#pci, device, PCI), out);
  }

  /** nvmlPciInfo_t of what is at the other end of an NVLink. */
  nvLinkRemotePci(device: Handle, link: number, out: Pci): number {
    this.#core.rc = this.#remotePci(device, link, this.#core.struct(PCI));
    return this.#pciInto(this.#core.rc, out);
  }

  #pciInto(rc: number, out: Pci): number {
    if (rc !== RETURN.success) return rc;
    const { scratch } = this.#core;
    const { view } = scratch;
    out.domain = view.getUint32(PCI.u32.domain, true);
    out.bus = view.getUint32(PCI.u32.bus, true);
    out.device = view.getUint32(PCI.u32.device, true);
    out.id = view.getUint32(PCI.u32.pciDeviceId, true);
    out.subsystemId = view.getUint32(PCI.u32.pciSubSystemId, true);
    out.busId = text(scratch, ...PCI.text.busId);
    return rc;
  }

  /** nvmlDeviceAttributes_t of a MIG device. notSupported, or invalidArgument, for a GPU in MIG mode itself. */
  attributes(device: Handle, out: Attributes): number {
    const { view } = this.#core.scratch;
    const rc = this.#core.fill(this.#attributes, device, ATTRIBUTES);
    if (rc !== RETURN.success) return rc;
    const at = ATTRIBUTES.u32;
    out.multiprocessors = view.getUint32(at.multiprocessorCount, true);
    out.copyEngines = view.getUint32(at.sharedCopyEngineCount, true);
    out.decoders = view.getUint32(at.sharedDecoderCount, true);
    out.encoders = view.getUint32(at.sharedEncoderCount, true);
    out.jpegs = view.getUint32(at.sharedJpegCount, true);
    out.ofas = view.getUint32(at.sharedOfaCount, true);
    out.gpuInstanceSlices = view.getUint32(at.gpuInstanceSliceCount, true);
    out.computeInstanceSlices = view.getUint32(at.computeInstanceSliceCount, true);
    out.memory = uint64(view, ATTRIBUTES.u64.memorySizeMB);
    return rc;
  }
}
