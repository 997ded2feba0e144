/** Clocks and the PCIe link: by the levels of the driver, otherwise by what gpu_metrics or the PCI device say. */
import { type Clock, type Link, linkSpeed, parseClock, parseLink } from './levels.ts';
import type { MetricName } from './metrics-layouts.ts';
import * as policy from './policy.ts';
import { at, type Quantity } from './quantities.ts';
import type { Read, SysfsCard } from './sysfs-card.ts';

const level: Clock = { current: Number.NaN, min: Number.NaN, max: Number.NaN };

function readLevels(card: SysfsCard, name: string): Clock {
  parseClock(card.device.text(name) ?? '', level);
  return level;
}

export const clock =
  (quantity: Quantity, name: string, metric: MetricName): Read =>
  (card, out) => {
    out[at(quantity)] = policy.or(policy.megahertz(readLevels(card, name).current), () =>
      policy.megahertz(card.metrics.get(metric)),
    );
  };

export const clockRange =
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
export const pcieLink: Read = ({ device, metrics, integrated }, out) => {
  if (integrated) return;
  parseLink(device.text('pp_dpm_pcie') ?? '', link);
  const speed = policy.first(link.speed, metrics.get('pcieSpeed') / 10);
  const width = policy.first(link.width, metrics.get('pcieWidth'));
  out[at('pcieSpeed')] = policy.or(policy.gigatransfers(speed), () =>
    policy.gigatransfers(linkSpeed(device.text('current_link_speed'))),
  );
  out[at('pcieWidth')] = policy.or(policy.lanes(width), () =>
    policy.lanes(device.number('current_link_width')),
  );
  out[at('pcieSpeedMax')] = policy.or(policy.gigatransfers(link.maxSpeed), () =>
    policy.gigatransfers(linkSpeed(device.text('max_link_speed'))),
  );
  out[at('pcieWidthMax')] = policy.or(policy.lanes(link.maxWidth), () =>
    policy.lanes(device.number('max_link_width')),
  );
};
