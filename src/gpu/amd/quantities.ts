/**
 * The numbers that a back end can tell of one AMD GPU: a flat array, NaN what is not known. All in base
 * units: ratios 0 to 1, bytes, °C, watts, joules, hertz, volts, turns per minute, transfers per second.
 */
import type { GpuGroup } from '../../catalog/gpu/groups.ts';

/** Blocks whose memory errors amdgpu counts, as its files call them: ras/BLOCK_err_count. */
export const RAS_BLOCKS = [
  'umc',
  'sdma',
  'gfx',
  'mmhub',
  'athub',
  'pcie_bif',
  'hdp',
  'xgmi_wafl',
  'df',
  'smn',
  'sem',
  'mp0',
  'mp1',
  'fuse',
  'mca',
  'vcn',
  'jpeg',
  'ih',
  'mpio',
] as const;
export type RasBlock = (typeof RAS_BLOCKS)[number];

/** `ce`, `ue`, `de` in ras/BLOCK_err_count. */
export const RAS_ERRORS = ['corrected', 'uncorrected', 'deferred'] as const;
export type RasError = (typeof RAS_ERRORS)[number];

/** Stacks of HBM whose temperature firmware tells (four up to MI200), and XGMI links that it counts. */
export const HBM_STACKS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
export const XGMI_LINKS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Why firmware holds clocks down, as gpu_metrics counts it: label `reason` of the residency. */
export const RESIDENCY_REASONS = [
  'prochot',
  'power_limit',
  'socket_thermal',
  'vr_thermal',
  'hbm_thermal',
] as const;
/** Why a compute die ran below the clock that its limit allows, in the same samples; the mean over the dies. */
export const GFX_REASONS = [
  'gfx_below_limit_power',
  'gfx_below_limit_thermal',
  'gfx_low_utilization',
  'gfx_below_limit',
] as const;
/** Why clocks are held down now, from the bits of gpu_metrics' independent throttle status. */
export const THROTTLE_REASONS = ['power', 'current', 'thermal', 'prochot'] as const;

/** What is asked together, by the switch below `gpu.metrics` that it belongs to. */
const NAMES = {
  utilization: ['gfxBusy', 'memoryBusy'],
  encoder_decoder: ['mediaBusy', 'jpegBusy'],
  memory: ['vramTotal', 'vramUsed'],
  memory_detail: ['visibleTotal', 'visibleUsed', 'gttTotal', 'gttUsed'],
  temperature: [
    'edge',
    'junction',
    'memoryTemperature',
    ...HBM_STACKS.map((i) => `hbm${i}` as const),
  ],
  temperature_threshold: [
    'edgeCritical',
    'junctionCritical',
    'memoryCritical',
    'edgeEmergency',
    'junctionEmergency',
    'memoryEmergency',
  ],
  /** `fanSpeed`: ratio of what it is told to have to its highest. */
  fan: ['fanSpeed', 'fanRpm'],
  /**
   * `powerAverage`: power1_average; `powerNow`: the socket's at this moment, power1_input. `energy`: the
   * counter of gpu_metrics is in 2^-16 J, which the library rounds to 15.3 µJ: both back ends reckon with
   * 2^-16 J, lest a counter go back when one takes over from the other.
   */
  power: ['powerAverage', 'powerNow', 'powerCap', 'energy'],
  power_detail: [
    'powerCapDefault',
    'powerCapMin',
    'powerCapMax',
    'voltageGfx',
    'voltageSoc',
    'voltageMemory',
  ],
  /** Current: sclk, mclk, fclk, socclk, vclk. */
  clock: ['sclk', 'mclk', 'fclk', 'socclk', 'vclk'],
  /** Of the levels of each, deep sleep not among them. */
  clock_limit: [
    'sclkMin',
    'sclkMax',
    'mclkMin',
    'mclkMax',
    'fclkMin',
    'fclkMax',
    'socclkMin',
    'socclkMax',
  ],
  /** `residencySamples`: what the others are counted in. */
  clock_events: [
    'residencySamples',
    ...RESIDENCY_REASONS.map((r) => `residency.${r}` as const),
    ...GFX_REASONS.map((r) => `residency.${r}` as const),
    ...THROTTLE_REASONS.map((r) => `throttled.${r}` as const),
  ],
  /** `eccEnabled` 0 or 1; bad pages: how many are retired, will be, cannot be. */
  ecc: ['eccEnabled', 'pagesRetired', 'pagesPending', 'pagesUnreservable'],
  /** Errors since the driver was loaded; also asked for `ecc`, which has the sum. */
  ecc_detail: RAS_BLOCKS.flatMap((b) => RAS_ERRORS.map((e) => `ras.${b}.${e}` as const)),
  /** Speeds in transfers per second: 16 GT/s are 16e9. */
  pcie: ['pcieSpeed', 'pcieWidth', 'pcieSpeedMax', 'pcieWidthMax', 'pcieReplays'],
  pcie_errors: ['pcieL0ToRecovery', 'pcieReplayRollover', 'pcieNaksSent', 'pcieNaksReceived'],
  /** Bytes since the driver was loaded. `up` 0 or 1. */
  xgmi: [
    'xgmiWidth',
    'xgmiSpeed',
    ...XGMI_LINKS.map((i) => `xgmi${i}.up` as const),
    ...XGMI_LINKS.map((i) => `xgmi${i}.sent` as const),
    ...XGMI_LINKS.map((i) => `xgmi${i}.received` as const),
  ],
} as const satisfies Partial<Record<GpuGroup, readonly string[]>>;

export type AmdGroup = keyof typeof NAMES;
export type Quantity = (typeof NAMES)[AmdGroup][number];

export const AMD_GROUPS = Object.keys(NAMES) as readonly AmdGroup[];

/** Values by index; see `at`. */
export type Quantities = Float64Array;

const INDEX = new Map<Quantity, number>();
const RANGES = {} as Record<AmdGroup, readonly [from: number, to: number]>;
for (const group of AMD_GROUPS) {
  const from = INDEX.size;
  for (const name of NAMES[group]) INDEX.set(name, INDEX.size);
  RANGES[group] = [from, INDEX.size];
}

/** Where a quantity is in the array. To be looked up once, not at each reading. */
export const at = (quantity: Quantity): number => INDEX.get(quantity) as number;

/** The quantities of a group, and the part of the array that they fill. */
export const quantitiesOf = (group: AmdGroup): readonly Quantity[] => NAMES[group];
export const rangeOf = (group: AmdGroup): readonly [from: number, to: number] => RANGES[group];

/** All of them, none known. */
export const newQuantities = (): Quantities => new Float64Array(INDEX.size).fill(Number.NaN);
