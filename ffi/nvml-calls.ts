/**
 * The NVML functions that answer with plain numbers or one text, as data.
 *
 * A call's name is its C name without `nvmlDeviceGet` and without a version suffix, in lower camel case:
 * `powerUsage` is nvmlDeviceGetPowerUsage. Its C form is always
 *
 *     nvmlReturn_t f(nvmlDevice_t device, unsigned in…, T *out…)
 *
 * `symbols` are tried in this order (same signature, newest first); `in` counts the scalar arguments
 * between the device and the outputs, `out` the outputs (each a pointer of its own).
 */

/** How a call is called. */
export interface CallRow {
  readonly kind: 'u32' | 'u64' | 'text';
  readonly symbols: readonly string[];
  /** Scalar arguments (all u32) after the device. */
  readonly in: number;
  /** Numbers that come back. */
  readonly out: number;
  /** The output is `struct { unsigned version; T value; }` and this is its version word. */
  readonly version?: number;
  /** The output is an `int`. */
  readonly signed?: true;
  /** A text without a length argument: the header promises this buffer size is enough. */
  readonly lengthless?: true;
}

type Rows = Readonly<Record<string, CallRow>>;

const get = (name: string, ...suffixes: readonly string[]): string[] => [
  ...suffixes.map((suffix) => `nvmlDeviceGet${name}${suffix}`),
  `nvmlDeviceGet${name}`,
];
const u32 = (symbols: readonly string[], inputs = 0, outputs = 1) =>
  ({ kind: 'u32', symbols, in: inputs, out: outputs }) as const;
const u64 = (symbols: readonly string[], inputs = 0) =>
  ({ kind: 'u64', symbols, in: inputs, out: 1 }) as const;
const text = (symbols: readonly string[], inputs = 0) =>
  ({ kind: 'text', symbols, in: inputs, out: 1 }) as const;

export const CALLS = {
  // Identity.
  name: text(get('Name')),
  uuid: text(get('UUID')),
  serial: text(get('Serial')),
  boardPartNumber: text(get('BoardPartNumber')),
  vbiosVersion: text(get('VbiosVersion')),
  inforomImageVersion: text(get('InforomImageVersion')),
  /** in: nvmlInforomObject_t (0 OEM, 1 ECC, 2 power). */
  inforomVersion: text(get('InforomVersion'), 1),
  gspFirmwareVersion: { ...text(get('GspFirmwareVersion')), lengthless: true },
  index: u32(get('Index')),
  minorNumber: u32(get('MinorNumber')),
  moduleId: u32(get('ModuleId')),
  /** nvmlDeviceArchitecture_t: 2 Kepler … 7 Ampere, 8 Ada, 9 Hopper, 10 Blackwell; all-ones unknown. */
  architecture: u32(get('Architecture')),
  brand: u32(get('Brand')),
  /** out: major, minor. */
  cudaComputeCapability: { ...u32(get('CudaComputeCapability'), 0, 2), signed: true },
  numGpuCores: u32(get('NumGpuCores')),
  /** Bits. */
  memoryBusWidth: u32(get('MemoryBusWidth')),
  /** The NUMA node of the GPU's own memory (coherent platforms). */
  numaNodeId: u32(get('NumaNodeId')),
  /** 0 none, 1 HMM, 2 ATS: how the GPU sees system memory. R580+. */
  addressingMode: { ...u32(get('AddressingMode')), version: 0x0100_0008 },
  /** 0 default, 1 exclusive thread, 2 prohibited, 3 exclusive process. */
  computeMode: u32(get('ComputeMode')),
  /** 0 off, 1 on. */
  persistenceMode: u32(get('PersistenceMode')),
  displayActive: u32(get('DisplayActive')),
  displayMode: u32(get('DisplayMode')),
  /** out: enabled, default. */
  gspFirmwareMode: u32(get('GspFirmwareMode'), 0, 2),

  // Utilisation, per cent. out: utilisation, sampling period µs.
  encoderUtilization: u32(get('EncoderUtilization'), 0, 2),
  decoderUtilization: u32(get('DecoderUtilization'), 0, 2),
  jpgUtilization: u32(get('JpgUtilization'), 0, 2),
  ofaUtilization: u32(get('OfaUtilization'), 0, 2),
  /** out: sessions, average frames per second, average latency µs. */
  encoderStats: u32(get('EncoderStats'), 0, 3),

  // Temperatures, °C.
  /** in: sensor (0 the die, the only one there is). */
  temperature: u32(get('Temperature'), 1),
  /** in: nvmlTemperatureThresholds_t (0 shutdown, 1 slowdown, 2 memory max, 3 GPU max, 4–6 acoustic, 7 GPS). */
  temperatureThreshold: u32(get('TemperatureThreshold'), 1),
  /** T.limit: degrees left before the slowdown, may be negative. R570+. */
  marginTemperature: { ...u32(get('MarginTemperature')), version: 0x0100_0008, signed: true },

  // Fans.
  numFans: u32(get('NumFans')),
  /** in: fan. Per cent of the maximum, as asked for. */
  targetFanSpeed: u32(get('TargetFanSpeed'), 1),
  /** out: lowest, highest per cent. */
  minMaxFanSpeed: u32(get('MinMaxFanSpeed'), 0, 2),

  // Power, mW; energy, mJ since the driver was loaded.
  powerUsage: u32(get('PowerUsage')),
  enforcedPowerLimit: u32(get('EnforcedPowerLimit')),
  powerManagementLimit: u32(get('PowerManagementLimit')),
  powerManagementDefaultLimit: u32(get('PowerManagementDefaultLimit')),
  /** out: lowest, highest. */
  powerManagementLimitConstraints: u32(get('PowerManagementLimitConstraints'), 0, 2),
  /** 0 AC, 1 battery, 2 undersized. */
  powerSource: u32(get('PowerSource')),
  totalEnergyConsumption: u64(get('TotalEnergyConsumption')),

  // Clocks, MHz. in: nvmlClockType_t (0 graphics, 1 SM, 2 memory, 3 video).
  clockInfo: u32(get('ClockInfo'), 1),
  maxClockInfo: u32(get('MaxClockInfo'), 1),
  applicationsClock: u32(get('ApplicationsClock'), 1),
  defaultApplicationsClock: u32(get('DefaultApplicationsClock'), 1),
  maxCustomerBoostClock: u32(get('MaxCustomerBoostClock'), 1),
  /** in: clock type, nvmlClockId_t (0 current, 1 app target, 2 app default, 3 customer boost max). */
  clock: u32(get('Clock'), 2),
  /** P-state 0…15, 32 unknown. */
  performanceState: u32(get('PerformanceState')),
  /** Bit mask; the older name is the same function. */
  currentClocksEventReasons: u64([
    'nvmlDeviceGetCurrentClocksEventReasons',
    'nvmlDeviceGetCurrentClocksThrottleReasons',
  ]),
  supportedClocksEventReasons: u64([
    'nvmlDeviceGetSupportedClocksEventReasons',
    'nvmlDeviceGetSupportedClocksThrottleReasons',
  ]),

  // PCIe.
  currPcieLinkGeneration: u32(get('CurrPcieLinkGeneration')),
  currPcieLinkWidth: u32(get('CurrPcieLinkWidth')),
  /** What GPU and slot can do together. */
  maxPcieLinkGeneration: u32(get('MaxPcieLinkGeneration')),
  maxPcieLinkWidth: u32(get('MaxPcieLinkWidth')),
  /** What the GPU alone can do. */
  gpuMaxPcieLinkGeneration: u32(get('GpuMaxPcieLinkGeneration')),
  /** MB/s of the link as trained. */
  pcieSpeed: u32(get('PcieSpeed')),
  pcieReplayCounter: u32(get('PcieReplayCounter')),
  /** in: 0 TX, 1 RX. KB/s over 20 ms, which it blocks for. */
  pcieThroughput: u32(get('PcieThroughput'), 1),

  // ECC and rows.
  /** out: current, pending (0 off, 1 on). */
  eccMode: u32(get('EccMode'), 0, 2),
  /** in: 0 corrected / 1 uncorrected, 0 volatile / 1 aggregate. */
  totalEccErrors: u64(get('TotalEccErrors'), 2),
  /** in: as totalEccErrors, then nvmlMemoryLocation_t (0 L1, 1 L2, 2 DRAM, 3 registers, 4 texture, 7 SRAM …). */
  memoryErrorCounter: u64(get('MemoryErrorCounter'), 3),
  /** out: correctable, uncorrectable, pending (0/1), failed (0/1). */
  remappedRows: u32(get('RemappedRows'), 0, 4),
  retiredPagesPendingStatus: u32(get('RetiredPagesPendingStatus')),

  // NVLink, C2C. in: link.
  /** 0 down, 1 up. */
  nvLinkState: u32(get('NvLinkState'), 1),
  nvLinkVersion: u32(get('NvLinkVersion'), 1),
  /** 0 GPU, 1 IBM NPU, 2 NVSwitch, 255 unknown. */
  nvLinkRemoteDeviceType: u32(get('NvLinkRemoteDeviceType'), 1),
  /** in: link, nvmlNvLinkErrorCounter_t (0 replay, 1 recovery, 2 CRC flit, 3 CRC data, 4 ECC data). */
  nvLinkErrorCounter: u64(get('NvLinkErrorCounter'), 2),
  /** nvmlC2cModeInfo_v1_t is one word without a version: 0 off, 1 on. */
  c2cModeInfo: u32(['nvmlDeviceGetC2cModeInfoV']),

  // MIG.
  /** out: current, pending (0 off, 1 on). */
  migMode: u32(get('MigMode'), 0, 2),
  maxMigDeviceCount: u32(get('MaxMigDeviceCount')),
  isMigDeviceHandle: u32(['nvmlDeviceIsMigDeviceHandle']),
  /** GPM: 1 where this GPU counts. nvmlGpmSupport_t; its version word is a plain 1. */
  gpmSupport: { ...u32(['nvmlGpmQueryDeviceSupport']), version: 1 },
  /** Of a MIG device handle. */
  gpuInstanceId: u32(get('GpuInstanceId')),
  computeInstanceId: u32(get('ComputeInstanceId')),

  // The rest.
  /** nvmlEvent mask that registerEvents accepts. */
  supportedEventTypes: u64(get('SupportedEventTypes')),
  /** 0 off, 1 on. */
  accountingMode: u32(get('AccountingMode')),
  accountingBufferSize: u32(get('AccountingBufferSize')),
  /** 0 none, 1 passthrough, 2 vGPU guest, 3 vGPU host, 4 vSGA host. */
  virtualizationMode: u32(get('VirtualizationMode')),
} as const satisfies Rows;

/** Any call of the table. */
export type Call = keyof typeof CALLS;
type OfKind<K extends CallRow['kind']> = {
  [C in Call]: (typeof CALLS)[C]['kind'] extends K ? C : never;
}[Call];
export type U32Call = OfKind<'u32'>;
export type U64Call = OfKind<'u64'>;
export type TextCall = OfKind<'text'>;
