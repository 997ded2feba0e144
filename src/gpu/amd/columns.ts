/** Which series a quantity becomes: the same signals as NVIDIA's wherever they mean the same. */
import { GPU_CLOCK, GPU_CLOCK_LIMIT } from '../../catalog/gpu/clocks.ts';
import { GPU_ECC, GPU_ECC_DETAIL, GPU_ECC_ERRORS } from '../../catalog/gpu/ecc.ts';
import { GPU_CLOCK_EVENTS } from '../../catalog/gpu/events.ts';
import { GPU_MEMORY, GPU_MEMORY_DETAIL } from '../../catalog/gpu/memory.ts';
import { GPU_PCIE, GPU_PCIE_ERRORS } from '../../catalog/gpu/pcie.ts';
import { GPU_POWER, GPU_POWER_DETAIL } from '../../catalog/gpu/power.ts';
import {
  GPU_FAN,
  GPU_TEMPERATURE,
  GPU_TEMPERATURE_THRESHOLD,
} from '../../catalog/gpu/temperature.ts';
import { GPU_UTILIZATION, GPU_VIDEO } from '../../catalog/gpu/utilization.ts';
import { GPU_XGMI } from '../../catalog/gpu/xgmi.ts';
import type { Signal } from '../../catalog/signal.ts';
import {
  type AmdGroup,
  at,
  GFX_REASONS,
  HBM_STACKS,
  type Quantities,
  type Quantity,
  RAS_BLOCKS,
  RAS_ERRORS,
  RESIDENCY_REASONS,
  THROTTLE_REASONS,
  XGMI_LINKS,
} from './quantities.ts';

export interface Column {
  readonly signal: Signal;
  /** Besides those of the GPU. */
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where it is not known. */
  readonly value: (all: Quantities) => number;
}

type Value = (all: Quantities) => number;

const one = (quantity: Quantity): Value => {
  const index = at(quantity);
  return (all) => all[index] as number;
};

const times = (quantity: Quantity, factor: number): Value => {
  const value = one(quantity);
  // 0.29 × 100 is 28.999…
  return (all) => Math.round(value(all) * factor * 1e6) / 1e6;
};

/** The first of them that is known. */
const either = (...quantities: Quantity[]): Value => {
  const indexes = quantities.map(at);
  return (all) => {
    for (const index of indexes) {
      if (!Number.isNaN(all[index])) return all[index] as number;
    }
    return Number.NaN;
  };
};

/** Sum of those that are known; NaN where none is. */
const sum = (quantities: readonly Quantity[]): Value => {
  const indexes = quantities.map(at);
  return (all) => {
    let total = Number.NaN;
    for (const index of indexes) {
      const value = all[index] as number;
      if (!Number.isNaN(value)) total = (Number.isNaN(total) ? 0 : total) + value;
    }
    return total;
  };
};

const column = (
  signal: Signal,
  value: Quantity | Value,
  labels: Readonly<Record<string, string>> = {},
): Column => ({ signal, labels, value: typeof value === 'string' ? one(value) : value });

const sensor = (name: string, quantity: Quantity): Column =>
  column(GPU_TEMPERATURE.sensor, quantity, { sensor: name });

const threshold = (name: string, kind: string, quantity: Quantity): Column =>
  column(GPU_TEMPERATURE_THRESHOLD.threshold, quantity, { sensor: name, threshold: kind });

/** PCIe's generations by their speed in transfers per second. */
const GENERATIONS: ReadonlyMap<number, number> = new Map([
  [2.5e9, 1],
  [5e9, 2],
  [8e9, 3],
  [16e9, 4],
  [32e9, 5],
  [64e9, 6],
]);
const generation = (quantity: Quantity): Value => {
  const speed = one(quantity);
  return (all) => GENERATIONS.get(speed(all)) ?? Number.NaN;
};

const vram = { total: one('vramTotal'), used: one('vramUsed') };

/** Since the driver was loaded: the sum over blocks. */
const volatileErrors = (signal: Signal, error: 'corrected' | 'uncorrected'): Column =>
  column(signal, sum(RAS_BLOCKS.map((block) => `ras.${block}.${error}` as const)), {
    lifetime: 'volatile',
    error,
  });

export const COLUMNS: Readonly<Record<AmdGroup, readonly Column[]>> = {
  utilization: [
    column(GPU_UTILIZATION.utilization, times('gfxBusy', 100)),
    column(GPU_UTILIZATION.memory, 'memoryBusy'),
  ],
  encoder_decoder: [column(GPU_VIDEO.media, 'mediaBusy'), column(GPU_VIDEO.jpeg, 'jpegBusy')],
  memory: [
    column(GPU_MEMORY.total, vram.total),
    column(GPU_MEMORY.used, vram.used),
    column(GPU_MEMORY.free, (all) => vram.total(all) - vram.used(all)),
    // What an APU has of its own is what firmware set aside; the rest of what it uses is in GTT.
    column(GPU_MEMORY.unified, (all) => (vram.total(all) > 0 ? 0 : Number.NaN)),
  ],
  memory_detail: [
    column(GPU_MEMORY_DETAIL.visibleTotal, 'visibleTotal'),
    column(GPU_MEMORY_DETAIL.visibleUsed, 'visibleUsed'),
    column(GPU_MEMORY_DETAIL.gttTotal, 'gttTotal'),
    column(GPU_MEMORY_DETAIL.gttUsed, 'gttUsed'),
  ],
  temperature: [
    // The edge of the die where there is a sensor; MI300 has none, and tells its hottest place alone.
    column(GPU_TEMPERATURE.die, either('edge', 'junction')),
    sensor('edge', 'edge'),
    sensor('junction', 'junction'),
    sensor('memory', 'memoryTemperature'),
    ...HBM_STACKS.map((i) => sensor(`hbm${i}`, `hbm${i}`)),
  ],
  temperature_threshold: [
    threshold('edge', 'critical', 'edgeCritical'),
    threshold('junction', 'critical', 'junctionCritical'),
    threshold('memory', 'critical', 'memoryCritical'),
    threshold('edge', 'emergency', 'edgeEmergency'),
    threshold('junction', 'emergency', 'junctionEmergency'),
    threshold('memory', 'emergency', 'memoryEmergency'),
  ],
  fan: [
    column(GPU_FAN.percent, times('fanSpeed', 100), { fan: '0' }),
    column(GPU_FAN.rpm, 'fanRpm', { fan: '0' }),
  ],
  power: [
    column(GPU_POWER.power, either('powerAverage', 'powerNow')),
    column(GPU_POWER.usage, either('powerAverage', 'powerNow')),
    column(GPU_POWER.average, 'powerAverage'),
    column(GPU_POWER.instant, 'powerNow'),
    column(GPU_POWER.limit, 'powerCap'),
    column(GPU_POWER.energy, 'energy'),
  ],
  power_detail: [
    column(GPU_POWER_DETAIL.limitDefault, 'powerCapDefault'),
    column(GPU_POWER_DETAIL.limitMin, 'powerCapMin'),
    column(GPU_POWER_DETAIL.limitMax, 'powerCapMax'),
    column(GPU_POWER_DETAIL.voltage, 'voltageGfx', { rail: 'gfx' }),
    column(GPU_POWER_DETAIL.voltage, 'voltageSoc', { rail: 'soc' }),
    column(GPU_POWER_DETAIL.voltage, 'voltageMemory', { rail: 'memory' }),
  ],
  clock: [
    column(GPU_CLOCK.frequency, times('sclk', 1e-6)),
    column(GPU_CLOCK.sm, 'sclk'),
    column(GPU_CLOCK.graphics, 'sclk'),
    column(GPU_CLOCK.memory, 'mclk'),
    column(GPU_CLOCK.fabric, 'fclk'),
    column(GPU_CLOCK.soc, 'socclk'),
    column(GPU_CLOCK.video, 'vclk'),
  ],
  clock_limit: [
    column(GPU_CLOCK_LIMIT.smMax, 'sclkMax'),
    column(GPU_CLOCK_LIMIT.graphicsMax, 'sclkMax'),
    column(GPU_CLOCK_LIMIT.graphicsMin, 'sclkMin'),
    column(GPU_CLOCK_LIMIT.memoryMax, 'mclkMax'),
    column(GPU_CLOCK_LIMIT.memoryMin, 'mclkMin'),
    column(GPU_CLOCK_LIMIT.fabricMax, 'fclkMax'),
    column(GPU_CLOCK_LIMIT.fabricMin, 'fclkMin'),
    column(GPU_CLOCK_LIMIT.socMax, 'socclkMax'),
    column(GPU_CLOCK_LIMIT.socMin, 'socclkMin'),
  ],
  clock_events: [
    column(GPU_CLOCK_EVENTS.samples, 'residencySamples'),
    ...[...RESIDENCY_REASONS, ...GFX_REASONS].map((reason) =>
      column(GPU_CLOCK_EVENTS.residency, `residency.${reason}`, { reason }),
    ),
    ...THROTTLE_REASONS.map((reason) =>
      column(GPU_CLOCK_EVENTS.active, `throttled.${reason}`, { reason }),
    ),
  ],
  ecc: [
    column(GPU_ECC.enabled, 'eccEnabled'),
    volatileErrors(GPU_ECC_ERRORS.volatileCorrected, 'corrected'),
    volatileErrors(GPU_ECC_ERRORS.volatileUncorrected, 'uncorrected'),
    column(GPU_ECC.badPages, 'pagesRetired', { state: 'retired' }),
    column(GPU_ECC.badPages, 'pagesPending', { state: 'pending' }),
    column(GPU_ECC.badPages, 'pagesUnreservable', { state: 'unreservable' }),
  ],
  ecc_detail: RAS_BLOCKS.flatMap((block) =>
    RAS_ERRORS.map((error) =>
      column(GPU_ECC_DETAIL.blockErrors, `ras.${block}.${error}`, {
        block,
        lifetime: 'volatile',
        error,
      }),
    ),
  ),
  pcie: [
    column(GPU_PCIE.generation, generation('pcieSpeed')),
    column(GPU_PCIE.generationMax, generation('pcieSpeedMax')),
    column(GPU_PCIE.width, 'pcieWidth'),
    column(GPU_PCIE.widthMax, 'pcieWidthMax'),
    column(GPU_PCIE.speed, 'pcieSpeed'),
    column(GPU_PCIE.speedMax, 'pcieSpeedMax'),
    column(GPU_PCIE.replays, 'pcieReplays'),
  ],
  pcie_errors: [
    column(GPU_PCIE_ERRORS.errors, 'pcieL0ToRecovery', { error: 'l0_to_recovery' }),
    column(GPU_PCIE_ERRORS.errors, 'pcieReplayRollover', { error: 'replay_rollover' }),
    column(GPU_PCIE_ERRORS.errors, 'pcieNaksSent', { error: 'naks_sent' }),
    column(GPU_PCIE_ERRORS.errors, 'pcieNaksReceived', { error: 'naks_received' }),
  ],
  xgmi: [
    column(GPU_XGMI.width, 'xgmiWidth'),
    column(GPU_XGMI.speed, 'xgmiSpeed'),
    ...XGMI_LINKS.flatMap((i) => {
      const link = { link: String(i) };
      return [
        column(GPU_XGMI.up, `xgmi${i}.up`, link),
        column(GPU_XGMI.transmitted, `xgmi${i}.sent`, link),
        column(GPU_XGMI.received, `xgmi${i}.received`, link),
      ];
    }),
  ],
};
