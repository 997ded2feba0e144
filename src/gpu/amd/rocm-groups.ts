/** Which of the library's functions tells which quantity. What none tells is left to the files. */
import {
  BLOCK,
  CLOCK,
  type Energy,
  type ErrorCount,
  type Levels,
  type Link,
  MEMORY,
  METRIC,
  type PowerRange,
  type RetiredPages,
  type RocmSmi,
  SENSOR,
} from '../../../ffi/rocm-smi.ts';
import * as policy from './policy.ts';
import {
  type AmdGroup,
  at,
  HBM_STACKS,
  type Quantities,
  type Quantity,
  RAS_BLOCKS,
} from './quantities.ts';
import { Question, type RocmCard } from './rocm-card.ts';
import { clockEvents, engines, pcieErrors, vclk, voltages, xgmi } from './rocm-metrics.ts';

type Read = (card: RocmCard, out: Quantities) => void;
type Judge = (x: number) => number;
type Numbers = Parameters<RocmSmi['number']>;

/** One number, by a call of the table and its inputs. */
function number(quantity: Quantity, judge: Judge, call: Numbers[0], a = 0, b = 0): Read {
  const question = new Question();
  const index = at(quantity);
  return (card, out) => {
    let value = Number.NaN;
    const ask = (smi: RocmSmi, device: number): number => {
      value = smi.number(call, device, a, b);
      return smi.rc;
    };
    if (card.asks(question, ask)) out[index] = judge(value);
  };
}

/** Several at once: `ask` fills `record`, of which `take` takes what it wants. */
function several<T>(
  record: T,
  ask: (smi: RocmSmi, device: number, out: T) => number,
  take: (record: T, out: Quantities) => void,
): Read {
  const question = new Question();
  return (card, out) => {
    if (card.asks(question, (smi, device) => ask(smi, device, record))) take(record, out);
  };
}

const temperature = (quantity: Quantity, sensor: number): Read =>
  number(quantity, policy.millicelsius, 'temperature', sensor, METRIC.current);

const threshold = (quantity: Quantity, sensor: number, metric: number): Read =>
  number(quantity, policy.millicelsius, 'temperature', sensor, metric);

const bytes = (x: number): number => policy.nonZero(policy.bytes(x));
/** Hertz. */
const hertz = (x: number): number => policy.megahertz(x / 1e6);
const transfers = (x: number): number => policy.gigatransfers(x / 1e9);

const levels: Levels = { current: Number.NaN, min: Number.NaN, max: Number.NaN };

const clock = (quantity: Quantity, which: number): Read =>
  several(
    levels,
    (smi, device, out) => smi.clock(device, which, out),
    ({ current }, out) => {
      out[at(quantity)] = hertz(current);
    },
  );

const clockRange = (min: Quantity, max: Quantity, which: number): Read =>
  several(
    levels,
    (smi, device, out) => smi.clock(device, which, out),
    (read, out) => {
      out[at(min)] = hertz(read.min);
      out[at(max)] = hertz(read.max);
    },
  );

const energy: Read = several<Energy>(
  { counter: Number.NaN, resolution: Number.NaN },
  (smi, device, out) => smi.energy(device, out),
  ({ counter, resolution }, out) => {
    // Told as 15.259 µJ, or as 15.3: what it is, is 2^-16 J.
    const exact = Math.abs(resolution / 1e6 / policy.ENERGY_UNIT - 1) < 0.01;
    out[at('energy')] = exact ? policy.energy(counter) : (policy.count(counter) * resolution) / 1e6;
  },
);

const fanSpeed: Read = (() => {
  const question = new Question();
  return (card, out) => {
    let share = Number.NaN;
    card.asks(question, (smi, device) => {
      const speed = smi.number('fanSpeed', device);
      if (smi.rc === 0) share = speed / smi.number('fanSpeedMax', device);
      return smi.rc;
    });
    if (share >= 0 && share <= 1) out[at('fanSpeed')] = share;
  };
})();

const powerRange: Read = several<PowerRange>(
  { max: Number.NaN, min: Number.NaN },
  (smi, device, out) => smi.powerCapRange(device, out),
  ({ max, min }, out) => {
    out[at('powerCapMax')] = policy.microwatts(max);
    out[at('powerCapMin')] = policy.microwatts(min);
  },
);

const link: Read = several<Link>(
  { ...levels, width: Number.NaN, maxWidth: Number.NaN },
  (smi, device, out) => smi.link(device, out),
  ({ current, max, width, maxWidth }, out) => {
    out[at('pcieSpeed')] = transfers(current);
    out[at('pcieSpeedMax')] = transfers(max);
    out[at('pcieWidth')] = policy.lanes(width);
    out[at('pcieWidthMax')] = policy.lanes(maxWidth);
  },
);

const badPages: Read = several<RetiredPages>(
  { retired: 0, pending: 0, unreservable: 0 },
  (smi, device, out) => smi.retiredPages(device, out),
  ({ retired, pending, unreservable }, out) => {
    out[at('pagesRetired')] = retired;
    out[at('pagesPending')] = pending;
    out[at('pagesUnreservable')] = unreservable;
  },
);

const counts: ErrorCount = { corrected: Number.NaN, uncorrected: Number.NaN };

const rasErrors: readonly Read[] = RAS_BLOCKS.filter((block) => block in BLOCK).map((block) =>
  several(
    counts,
    (smi, device, out) => smi.errors(device, BLOCK[block as keyof typeof BLOCK], out),
    ({ corrected, uncorrected }, out) => {
      out[at(`ras.${block}.corrected`)] = policy.count(corrected);
      out[at(`ras.${block}.uncorrected`)] = policy.count(uncorrected);
    },
  ),
);

/** The bit of the memory (UMC). */
const eccEnabled = (mask: number): number => mask % 2;

/** What is asked for a group, in this order. */
export const ROCM_GROUPS: Readonly<Record<AmdGroup, readonly Read[]>> = {
  utilization: [
    number('gfxBusy', policy.ratio, 'busy'),
    number('memoryBusy', policy.ratio, 'memoryBusy'),
  ],
  encoder_decoder: [number('mediaBusy', policy.ratio, 'mediaBusy'), engines],
  memory: [
    number('vramTotal', bytes, 'memoryTotal', MEMORY.vram),
    number('vramUsed', policy.bytes, 'memoryUsed', MEMORY.vram),
  ],
  memory_detail: [
    number('visibleTotal', bytes, 'memoryTotal', MEMORY.visible),
    number('visibleUsed', policy.bytes, 'memoryUsed', MEMORY.visible),
    number('gttTotal', bytes, 'memoryTotal', MEMORY.gtt),
    number('gttUsed', policy.bytes, 'memoryUsed', MEMORY.gtt),
  ],
  temperature: [
    temperature('edge', SENSOR.edge),
    temperature('junction', SENSOR.junction),
    temperature('memoryTemperature', SENSOR.memory),
    ...HBM_STACKS.map((i) =>
      number(
        `hbm${i}`,
        (x) => policy.millicelsius(policy.nonZero(x)),
        'temperature',
        SENSOR.hbm0 + i,
        METRIC.current,
      ),
    ),
  ],
  temperature_threshold: [
    threshold('edgeCritical', SENSOR.edge, METRIC.critical),
    threshold('junctionCritical', SENSOR.junction, METRIC.critical),
    threshold('memoryCritical', SENSOR.memory, METRIC.critical),
    threshold('edgeEmergency', SENSOR.edge, METRIC.emergency),
    threshold('junctionEmergency', SENSOR.junction, METRIC.emergency),
    threshold('memoryEmergency', SENSOR.memory, METRIC.emergency),
  ],
  fan: [fanSpeed, number('fanRpm', policy.rpm, 'fanRpm')],
  power: [
    number('powerAverage', policy.microwatts, 'averagePower'),
    number('powerNow', policy.microwatts, 'socketPower'),
    number('powerCap', policy.microwatts, 'powerCap'),
    (card, out) => {
      if (card.energyKnown) energy(card, out);
    },
  ],
  power_detail: [
    number('powerCapDefault', policy.microwatts, 'powerCapDefault'),
    powerRange,
    number('voltageGfx', policy.millivolts, 'voltage'),
    voltages,
  ],
  clock: [
    clock('sclk', CLOCK.sclk),
    clock('mclk', CLOCK.mclk),
    clock('fclk', CLOCK.fclk),
    clock('socclk', CLOCK.socclk),
    vclk,
  ],
  clock_limit: [
    clockRange('sclkMin', 'sclkMax', CLOCK.sclk),
    clockRange('mclkMin', 'mclkMax', CLOCK.mclk),
    clockRange('fclkMin', 'fclkMax', CLOCK.fclk),
    clockRange('socclkMin', 'socclkMax', CLOCK.socclk),
  ],
  clock_events: [clockEvents],
  ecc: [number('eccEnabled', eccEnabled, 'eccEnabled'), badPages],
  ecc_detail: rasErrors,
  pcie: [
    (card, out) => {
      if (!card.integrated) link(card, out);
    },
    number('pcieReplays', policy.count, 'pcieReplays'),
  ],
  pcie_errors: [pcieErrors],
  xgmi: [xgmi],
};
