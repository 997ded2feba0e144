/** Which file tells which quantity. Where there are two, the more direct one first. */
import { THROTTLE_BITS } from './chips.ts';
import { type Clock, type Link, linkSpeed, parseClock, parseLink } from './levels.ts';
import type { MetricName } from './metrics-layouts.ts';
import * as policy from './policy.ts';
import {
  type AmdGroup,
  at,
  HBM_STACKS,
  type Quantities,
  type Quantity,
  RAS_BLOCKS,
  RESIDENCY_REASONS,
  THROTTLE_REASONS,
  XGMI_LINKS,
} from './quantities.ts';
import type { SysfsCard } from './sysfs-card.ts';

type Read = (card: SysfsCard, out: Quantities) => void;

/** The first that is a number. */
function first(...values: readonly number[]): number {
  for (const value of values) if (!Number.isNaN(value)) return value;
  return Number.NaN;
}

/** The first that is known; the second is asked only where the first is not. */
const or = (value: number, other: () => number): number => (Number.isNaN(value) ? other() : value);

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
    out[at(quantity)] = or(policy.millicelsius(card.sensor(label, 'input')), () =>
      policy.celsius(card.metrics.get(metric)),
    );
  };

const threshold =
  (quantity: Quantity, label: string, property: string): Read =>
  (card, out) => {
    out[at(quantity)] = policy.millicelsius(card.sensor(label, property));
  };

const level: Clock = { current: Number.NaN, min: Number.NaN, max: Number.NaN };

function readLevels(card: SysfsCard, name: string): Clock {
  parseClock(card.device.text(name) ?? '', level);
  return level;
}

const clock =
  (quantity: Quantity, name: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = or(policy.megahertz(readLevels(card, name).current), () =>
      policy.megahertz(card.metrics.get(metric)),
    );
  };

const clockRange =
  (min: Quantity, max: Quantity, name: string): Read =>
  (card, out) => {
    const { min: low, max: high } = readLevels(card, name);
    out[at(min)] = policy.megahertz(low);
    out[at(max)] = policy.megahertz(high);
  };

const link: Link = {
  speed: Number.NaN,
  width: Number.NaN,
  maxSpeed: Number.NaN,
  maxWidth: Number.NaN,
};

/**
 * Of a card with a switch of its own the PCI device's link is the one within the card; what is between card and
 * slot is told by the driver's levels and by gpu_metrics.
 */
const pcieLink: Read = ({ device, metrics, integrated }, out) => {
  if (integrated) return;
  parseLink(device.text('pp_dpm_pcie') ?? '', link);
  const speed = first(link.speed, metrics.get('pcieSpeed') / 10);
  const width = first(link.width, metrics.get('pcieWidth'));
  out[at('pcieSpeed')] = or(policy.gigatransfers(speed), () =>
    policy.gigatransfers(linkSpeed(device.text('current_link_speed'))),
  );
  out[at('pcieWidth')] = or(policy.lanes(width), () =>
    policy.lanes(device.number('current_link_width')),
  );
  out[at('pcieSpeedMax')] = or(policy.gigatransfers(link.maxSpeed), () =>
    policy.gigatransfers(linkSpeed(device.text('max_link_speed'))),
  );
  out[at('pcieWidthMax')] = or(policy.lanes(link.maxWidth), () =>
    policy.lanes(device.number('max_link_width')),
  );
};

const energy: Read = (card, out) => {
  if (card.energyKnown) out[at('energy')] = policy.energy(card.metrics.get('energy'));
};

/** Share of the highest that the fan is told to have. */
const fanSpeed: Read = (card, out) => {
  const most = or(policy.nonZero(card.chip('pwm1_max')), () => 255);
  const share = card.chip('pwm1') / most;
  out[at('fanSpeed')] = share >= 0 && share <= 1 ? share : Number.NaN;
};

const clockEvents: Read = ({ metrics }, out) => {
  out[at('residencySamples')] = policy.count(metrics.get('samples'));
  RESIDENCY_REASONS.forEach((reason, i) => {
    out[at(`residency.${reason}`)] = policy.count(metrics.get('residencies', i));
  });
  for (const reason of THROTTLE_REASONS) {
    out[at(`throttled.${reason}`)] = metrics.throttled(THROTTLE_BITS[reason]);
  }
};

/** `feature mask: 0x87`; the first bit is the memory's (UMC). */
const eccEnabled: Read = ({ ras }, out) => {
  const mask = /feature mask:\s*(0x[0-9a-f]+)/i.exec(ras.text('features') ?? '')?.[1];
  if (mask !== undefined) out[at('eccEnabled')] = Number(mask) % 2;
};

const PAGES = { R: 'pagesRetired', P: 'pagesPending', F: 'pagesUnreservable' } as const;

/** Lines of `address : size : flag`; nothing is written where there is no such page. */
const badPages: Read = ({ ras }, out) => {
  if (!ras.has('gpu_vram_bad_pages')) return;
  for (const quantity of Object.values(PAGES)) out[at(quantity)] = 0;
  for (const line of (ras.text('gpu_vram_bad_pages') ?? '').split('\n')) {
    const flag = /:\s*([RPF])\s*$/.exec(line)?.[1] as keyof typeof PAGES | undefined;
    if (flag !== undefined) (out[at(PAGES[flag])] as number) += 1;
  }
};

const ERRORS = { ce: 'corrected', ue: 'uncorrected', de: 'deferred' } as const;

const rasErrors: Read = ({ ras }, out) => {
  for (const block of RAS_BLOCKS) {
    const text = ras.text(`${block}_err_count`) ?? '';
    for (const [, kind, errors] of text.matchAll(/^(ce|ue|de):\s*(\d+)/gm)) {
      const error = ERRORS[kind as keyof typeof ERRORS];
      out[at(`ras.${block}.${error}`)] = policy.count(Number(errors));
    }
  }
};

const pcieErrors: Read = ({ metrics }, out) => {
  out[at('pcieL0ToRecovery')] = policy.count(metrics.get('l0ToRecovery'));
  out[at('pcieReplayRollover')] = policy.count(metrics.get('replayRollover'));
  out[at('pcieNaksSent')] = policy.count(metrics.get('naks', 0));
  out[at('pcieNaksReceived')] = policy.count(metrics.get('naks', 1));
};

/** gpu_metrics counts kilobytes; a link that is not there has a counter that stays 0, or all ones. */
const xgmi: Read = ({ metrics }, out) => {
  out[at('xgmiWidth')] = policy.lanes(metrics.get('xgmiWidth'));
  out[at('xgmiSpeed')] = policy.gigatransfers(metrics.get('xgmiSpeed'));
  for (const i of XGMI_LINKS) {
    out[at(`xgmi${i}.up`)] = policy.flag(metrics.get('xgmiUp', i));
    out[at(`xgmi${i}.sent`)] = policy.count(metrics.get('xgmiWritten', i)) * 1024;
    out[at(`xgmi${i}.received`)] = policy.count(metrics.get('xgmiRead', i)) * 1024;
  }
};

const busy =
  (quantity: Quantity, name: string, otherwise: (card: SysfsCard) => number): Read =>
  (card, out) => {
    out[at(quantity)] = or(policy.ratio(card.device.number(name)), () =>
      policy.ratio(otherwise(card)),
    );
  };

const voltage =
  (quantity: Quantity, label: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = or(policy.millivolts(card.sensor(label, 'input')), () =>
      policy.millivolts(policy.nonZero(card.metrics.get(metric))),
    );
  };

const power =
  (quantity: Quantity, name: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = or(policy.microwatts(card.chip(name)), () =>
      policy.watts(card.metrics.get(metric)),
    );
  };

const mediaBusy = ({ metrics }: SysfsCard): number =>
  first(metrics.get('mediaBusy'), metrics.mean('vcnBusy'), metrics.partitionMean('vcn'));
const jpegBusy = ({ metrics }: SysfsCard): number =>
  first(metrics.mean('jpegBusy'), metrics.partitionMean('jpeg'));

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
