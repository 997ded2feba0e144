/**
 * What nvidia-smi would say of the GPUs of a scenario of the fake library: the same numbers, in the way that
 * it prints them with `--format=csv,noheader,nounits`.
 */
import { readFileSync } from 'node:fs';
import { scenario } from '../fakes/nvml/nvml.ts';

/** Values by nvidia-smi's name for them. */
export type Said = Readonly<Record<string, string>>;

const NOTHING = '[N/A]';
const MIB = 2 ** 20;

/** A scenario as one of its GPUs sees it: assignments by key, later ones over earlier. */
function assignments(name: string, gpu: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let inside = false;
  for (const line of readFileSync(scenario(name), 'utf8').split('\n')) {
    const section = /^\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) inside = section === 'system' || isOf(section, gpu);
    const [, key, value] = /^([\w.-]+) = (.*)$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

function isOf(section: string, gpu: number): boolean {
  const [, first, last = first] = /^gpu (\d+)(?:-(\d+))?$/.exec(section) ?? [];
  return first !== undefined && gpu >= Number(first) && gpu <= Number(last);
}

/** The sum that a value is, at the moment that it is stated for. */
function sum(text: string, gpu: number): number {
  let total = 0;
  for (const term of text.split(' ')) {
    const [, digits, unit, each] = /^([+-]?[\d.]+|0x[\da-f]+)(MiB)?(\*gpu)?$/i.exec(term) ?? [];
    if (digits === undefined) continue;
    total += Number(digits) * (unit === undefined ? 1 : MIB) * (each === undefined ? 1 : gpu);
  }
  return total;
}

const plain = String;
const mebibytes = (bytes: number): string => String(Math.floor(bytes / MIB));
const watts = (milliwatts: number): string => (milliwatts / 1000).toFixed(2);
const microseconds = (nanoseconds: number): string => String(Math.floor(nanoseconds / 1000));
const enabled = (on: number): string => (on === 1 ? 'Enabled' : 'Disabled');
const yes = (on: number): string => (on === 1 ? 'Yes' : 'No');

/** By nvidia-smi's name: the scenario's key and how its number is printed; a text without. */
const FIELDS: Readonly<Record<string, readonly [key: string, print?: (x: number) => string]>> = {
  uuid: ['UUID'],
  name: ['Name'],
  serial: ['Serial'],
  'pci.bus_id': ['PciInfo.busId'],
  vbios_version: ['VbiosVersion'],
  'inforom.img': ['InforomImageVersion'],
  driver_version: ['DriverVersion'],
  'memory.total': ['MemoryInfo.total', mebibytes],
  'memory.reserved': ['MemoryInfo.reserved', mebibytes],
  'memory.used': ['MemoryInfo.used', mebibytes],
  'memory.free': ['MemoryInfo.free', mebibytes],
  'utilization.gpu': ['UtilizationRates.gpu', plain],
  'utilization.memory': ['UtilizationRates.memory', plain],
  'utilization.encoder': ['EncoderUtilization.utilization', plain],
  'utilization.decoder': ['DecoderUtilization.utilization', plain],
  'utilization.jpeg': ['JpgUtilization.utilization', plain],
  'utilization.ofa': ['OfaUtilization.utilization', plain],
  'temperature.gpu': ['Temperature.gpu', plain],
  'temperature.gpu.tlimit': ['MarginTemperature', plain],
  'temperature.memory': ['FieldValue.82', plain],
  'fan.speed': ['FanSpeed.0', plain],
  pstate: ['PerformanceState', (x) => `P${x}`],
  'power.draw': ['PowerUsage', watts],
  'power.draw.average': ['FieldValue.185.0', watts],
  'power.draw.instant': ['FieldValue.186.0', watts],
  'power.limit': ['PowerManagementLimit', watts],
  'enforced.power.limit': ['EnforcedPowerLimit', watts],
  'power.default_limit': ['PowerManagementDefaultLimit', watts],
  'power.min_limit': ['PowerManagementLimitConstraints.minLimit', watts],
  'power.max_limit': ['PowerManagementLimitConstraints.maxLimit', watts],
  'clocks.gr': ['ClockInfo.graphics', plain],
  'clocks.sm': ['ClockInfo.sm', plain],
  'clocks.mem': ['ClockInfo.mem', plain],
  'clocks.video': ['ClockInfo.video', plain],
  'clocks.max.gr': ['MaxClockInfo.graphics', plain],
  'clocks.max.sm': ['MaxClockInfo.sm', plain],
  'clocks.max.mem': ['MaxClockInfo.mem', plain],
  'clocks.applications.gr': ['ApplicationsClock.graphics', plain],
  'clocks.applications.mem': ['ApplicationsClock.mem', plain],
  'pcie.link.gen.gpucurrent': ['CurrPcieLinkGeneration', plain],
  'pcie.link.gen.max': ['MaxPcieLinkGeneration', plain],
  'pcie.link.width.current': ['CurrPcieLinkWidth', plain],
  'pcie.link.width.max': ['MaxPcieLinkWidth', plain],
  'mig.mode.current': ['MigMode.current', enabled],
  'mig.mode.pending': ['MigMode.pending', enabled],
  'ecc.mode.current': ['EccMode.current', enabled],
  'ecc.mode.pending': ['EccMode.pending', enabled],
  ...totals('corrected'),
  ...totals('uncorrected'),
  'ecc.errors.corrected.aggregate.dram': ['MemoryErrorCounter.corrected.aggregate.dram', plain],
  'ecc.errors.uncorrected.aggregate.dram': ['MemoryErrorCounter.uncorrected.aggregate.dram', plain],
  ...sram('volatile.sram.parity', 'volatileUncParity'),
  ...sram('volatile.sram.secded', 'volatileUncSecDed'),
  ...sram('aggregate.sram.parity', 'aggregateUncParity'),
  ...sram('aggregate.sram.secded', 'aggregateUncSecDed'),
  ...sram('aggregate.sram.l2', 'aggregateUncBucketL2'),
  ...sram('aggregate.sram.sm', 'aggregateUncBucketSm'),
  ...sram('aggregate.sram.mcu', 'aggregateUncBucketMcu'),
  ...sram('aggregate.sram.pcie', 'aggregateUncBucketPcie'),
  ...sram('aggregate.sram.other', 'aggregateUncBucketOther'),
  'ecc.errors.uncorrected.aggregate.sram.thresholdExceeded': [
    'SramEccErrorStatus.bThresholdExceeded',
    yes,
  ],
  'retired_pages.single_bit_ecc.count': ['RetiredPages.single_bit', plain],
  'retired_pages.double_bit.count': ['RetiredPages.double_bit', plain],
  'retired_pages.pending': ['RetiredPagesPendingStatus', yes],
  'remapped_rows.correctable': ['RemappedRows.corrRows', plain],
  'remapped_rows.uncorrectable': ['RemappedRows.uncRows', plain],
  'remapped_rows.pending': ['RemappedRows.isPending', yes],
  'remapped_rows.failure': ['RemappedRows.failureOccurred', yes],
  'remapped_rows.histogram.max': ['RowRemapperHistogram.max', plain],
  'remapped_rows.histogram.high': ['RowRemapperHistogram.high', plain],
  'remapped_rows.histogram.partial': ['RowRemapperHistogram.partial', plain],
  'remapped_rows.histogram.low': ['RowRemapperHistogram.low', plain],
  'remapped_rows.histogram.none': ['RowRemapperHistogram.none', plain],
  'clocks_event_reasons_counters.sw_power_cap': ['FieldValue.74', microseconds],
  'clocks_event_reasons_counters.sync_boost': ['FieldValue.76', microseconds],
  'clocks_event_reasons_counters.sw_thermal_slowdown': ['FieldValue.251', microseconds],
  'clocks_event_reasons_counters.hw_thermal_slowdown': ['FieldValue.252', microseconds],
  'clocks_event_reasons_counters.hw_power_brake_slowdown': ['FieldValue.253', microseconds],
  gpu_recovery_action: ['FieldValue.230', (x) => (x === 0 ? 'None' : 'Reset')],
  'fabric.state': ['GpuFabricInfo.state', (x) => (x === 3 ? 'Completed' : 'In Progress')],
};

function totals(error: string): typeof FIELDS {
  return Object.fromEntries(
    ['volatile', 'aggregate'].map((lifetime) => [
      `ecc.errors.${error}.${lifetime}.total`,
      [`TotalEccErrors.${error}.${lifetime}`, plain],
    ]),
  );
}

function sram(name: string, member: string): typeof FIELDS {
  return { [`ecc.errors.uncorrected.${name}`]: [`SramEccErrorStatus.${member}`, plain] };
}

/** In the order of their bits. */
const REASONS = [
  'gpu_idle',
  'applications_clocks_setting',
  'sw_power_cap',
  'hw_slowdown',
  'sync_boost',
  'sw_thermal_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
];

/** Everything that nvidia.fields asks for. */
export function said(name: string, gpu: number): Said {
  const values = assignments(name, gpu);
  // A field without a scope is that of scope 0.
  const text = (key: string): string | undefined =>
    values.get(key) ?? values.get(key.replace(/\.0$/, ''));
  const number = (key: string): number => sum(text(key) ?? '', gpu);
  const reasons = number('CurrentClocksEventReasons');
  return {
    index: String(gpu),
    ...Object.fromEntries(
      Object.entries(FIELDS).map(([field, [key, print]]) => {
        const value = text(key);
        if (value === undefined || /^[A-Z_]+$/.test(value)) return [field, NOTHING];
        return [field, print === undefined ? value : print(number(key))];
      }),
    ),
    compute_cap: `${number('CudaComputeCapability.major')}.${number('CudaComputeCapability.minor')}`,
    ...Object.fromEntries(
      REASONS.map((reason, bit) => [
        `clocks_event_reasons.${reason}`,
        (reasons >> bit) & 1 ? 'Active' : 'Not Active',
      ]),
    ),
  };
}

/** The same with another value in every field but those by which GPUs are told apart. */
export function wrong(right: Said): Said {
  const other = (value: string): string => {
    if (/^-?[\d.]+$/.test(value)) return String(3 * Number(value) + 1e7);
    const opposites: Said = {
      Enabled: 'Disabled',
      Disabled: 'Enabled',
      Active: 'Not Active',
      'Not Active': 'Active',
      Yes: 'No',
      No: 'Yes',
      None: 'Reset',
      Completed: 'In Progress',
      P0: 'P12',
      [NOTHING]: NOTHING,
    };
    return opposites[value] ?? `x${value}`;
  };
  return Object.fromEntries(
    Object.entries(right).map(([field, value]) => [
      field,
      field === 'index' ? value : other(value),
    ]),
  );
}
