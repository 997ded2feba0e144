/** Which of the library's functions tells which quantity. What none tells is left to the files. */
import {
  CLOCK,
  type Energy,
  MEMORY,
  METRIC,
  type PowerRange,
  SENSOR,
} from '../../../ffi/rocm-smi.ts';
import * as policy from './policy.ts';
import { type AmdGroup, at, HBM_STACKS, type Quantity } from './quantities.ts';
import { number, type Read, several } from './rocm-ask.ts';
import { Question } from './rocm-card.ts';
import { clock, clockRange, link } from './rocm-levels.ts';
import { clockEvents, engines, pcieErrors, vclk, voltages, xgmi } from './rocm-metrics.ts';
import { badPages, eccEnabled, rasErrors } from './rocm-ras.ts';

const temperature = (quantity: Quantity, sensor: number): Read =>
  number(quantity, policy.millicelsius, 'temperature', sensor, METRIC.current);

const threshold = (quantity: Quantity, sensor: number, metric: number): Read =>
  number(quantity, policy.millicelsius, 'temperature', sensor, metric);

const bytes = (x: number): number => policy.nonZero(policy.bytes(x));
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
    // It has names for four; what it would do with a fifth is not said.
    ...HBM_STACKS.slice(0, 4).map((i) =>
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
