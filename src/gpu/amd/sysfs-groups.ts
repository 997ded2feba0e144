/** Which file tells which quantity. Where there are two, the more direct one first. */
import type { MetricName } from './metrics-layouts.ts';
import * as policy from './policy.ts';
import { type AmdGroup, at, HBM_STACKS, type Quantity } from './quantities.ts';
import type { Read, SysfsCard } from './sysfs-card.ts';
import { clock, clockRange, pcieLink } from './sysfs-levels.ts';
import { clockEvents, jpegBusy, mediaBusy, pcieErrors, xgmi } from './sysfs-metrics.ts';
import { badPages, eccEnabled, rasErrors } from './sysfs-ras.ts';

const file =
  (quantity: Quantity, name: string, judge: (x: number) => number): Read =>
  (card, out) => {
    out[at(quantity)] = judge(card.device.number(name));
  };

const chip =
  (quantity: Quantity, name: string, judge: (x: number) => number): Read =>
  (card, out) => {
    out[at(quantity)] = judge(card.chip(name));
  };

const temperature =
  (quantity: Quantity, label: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = policy.or(policy.millicelsius(card.sensor(label, 'input')), () =>
      policy.celsius(card.metrics.get(metric)),
    );
  };

const threshold =
  (quantity: Quantity, label: string, property: string): Read =>
  (card, out) => {
    out[at(quantity)] = policy.millicelsius(card.sensor(label, property));
  };

const energy: Read = (card, out) => {
  if (card.energyKnown) out[at('energy')] = policy.energy(card.metrics.get('energy'));
};

/** Share of the highest that the fan is told to have. */
const fanSpeed: Read = (card, out) => {
  const most = policy.or(policy.nonZero(card.chip('pwm1_max')), () => 255);
  const share = card.chip('pwm1') / most;
  out[at('fanSpeed')] = share >= 0 && share <= 1 ? share : Number.NaN;
};

const busy =
  (quantity: Quantity, name: string, otherwise: (card: SysfsCard) => number): Read =>
  (card, out) => {
    out[at(quantity)] = policy.or(policy.ratio(card.device.number(name)), () =>
      policy.ratio(otherwise(card)),
    );
  };

const voltage =
  (quantity: Quantity, label: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = policy.or(policy.millivolts(card.sensor(label, 'input')), () =>
      policy.millivolts(policy.nonZero(card.metrics.get(metric))),
    );
  };

const power =
  (quantity: Quantity, name: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = policy.or(policy.microwatts(card.chip(name)), () =>
      policy.watts(card.metrics.get(metric)),
    );
  };

/** What is read for a group, in this order. */
export const SYSFS_GROUPS: Readonly<Record<AmdGroup, readonly Read[]>> = {
  utilization: [
    busy('gfxBusy', 'gpu_busy_percent', (card) => card.metrics.get('gfxBusy')),
    busy('memoryBusy', 'mem_busy_percent', (card) => card.metrics.get('memoryBusy')),
  ],
  encoder_decoder: [
    busy('mediaBusy', 'vcn_busy_percent', mediaBusy),
    (card, out) => {
      out[at('jpegBusy')] = policy.ratio(jpegBusy(card));
    },
  ],
  memory: [
    file('vramTotal', 'mem_info_vram_total', (x) => policy.nonZero(policy.bytes(x))),
    file('vramUsed', 'mem_info_vram_used', policy.bytes),
  ],
  memory_detail: [
    file('visibleTotal', 'mem_info_vis_vram_total', (x) => policy.nonZero(policy.bytes(x))),
    file('visibleUsed', 'mem_info_vis_vram_used', policy.bytes),
    file('gttTotal', 'mem_info_gtt_total', (x) => policy.nonZero(policy.bytes(x))),
    file('gttUsed', 'mem_info_gtt_used', policy.bytes),
  ],
  temperature: [
    temperature('edge', 'edge', 'edge'),
    temperature('junction', 'junction', 'hotspot'),
    temperature('memoryTemperature', 'mem', 'memory'),
    (card, out) => {
      for (const i of HBM_STACKS) {
        // A stack that a chip does not have is at 0 °C.
        out[at(`hbm${i}`)] = policy.celsius(policy.nonZero(card.metrics.get('hbm', i)));
      }
    },
  ],
  temperature_threshold: [
    threshold('edgeCritical', 'edge', 'crit'),
    threshold('junctionCritical', 'junction', 'crit'),
    threshold('memoryCritical', 'mem', 'crit'),
    threshold('edgeEmergency', 'edge', 'emergency'),
    threshold('junctionEmergency', 'junction', 'emergency'),
    threshold('memoryEmergency', 'mem', 'emergency'),
  ],
  fan: [fanSpeed, chip('fanRpm', 'fan1_input', policy.rpm)],
  power: [
    power('powerAverage', 'power1_average', 'averagePower'),
    power('powerNow', 'power1_input', 'power'),
    chip('powerCap', 'power1_cap', policy.microwatts),
    energy,
  ],
  power_detail: [
    chip('powerCapDefault', 'power1_cap_default', policy.microwatts),
    chip('powerCapMin', 'power1_cap_min', policy.microwatts),
    chip('powerCapMax', 'power1_cap_max', policy.microwatts),
    voltage('voltageGfx', 'vddgfx', 'voltageGfx'),
    voltage('voltageSoc', 'vddnb', 'voltageSoc'),
    voltage('voltageMemory', 'vddmem', 'voltageMemory'),
  ],
  clock: [
    clock('sclk', 'pp_dpm_sclk', 'gfxclk'),
    clock('mclk', 'pp_dpm_mclk', 'uclk'),
    clock('fclk', 'pp_dpm_fclk', 'fclk'),
    clock('socclk', 'pp_dpm_socclk', 'socclk'),
    clock('vclk', 'pp_dpm_vclk', 'vclk'),
  ],
  clock_limit: [
    clockRange('sclkMin', 'sclkMax', 'pp_dpm_sclk'),
    clockRange('mclkMin', 'mclkMax', 'pp_dpm_mclk'),
    clockRange('fclkMin', 'fclkMax', 'pp_dpm_fclk'),
    clockRange('socclkMin', 'socclkMax', 'pp_dpm_socclk'),
  ],
  clock_events: [clockEvents],
  ecc: [eccEnabled, badPages],
  ecc_detail: [rasErrors],
  pcie: [pcieLink, file('pcieReplays', 'pcie_replay_count', policy.count)],
  pcie_errors: [pcieErrors],
  xgmi: [xgmi],
};
