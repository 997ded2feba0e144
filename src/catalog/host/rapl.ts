import { type Entry, type Signal, signal } from '../signal.ts';

const native: Entry = {
  name: 'rapl_energy_joules_total',
  help: 'Energy that this domain of the processor has used. Domains contain one another, so they do not add up.',
  labels: { device: 'device', zone: 'zone' },
};

/**
 * /sys/class/powercap: energy counters of Intel and AMD processors. node_exporter has a family per
 * name of a zone. https://docs.kernel.org/power/powercap/powercap.html
 */
function make(zone: string): Signal {
  return signal('rapl', zone, {
    type: 'counter',
    unit: 'joules',
    help: `Energy that RAPL domains called ${zone} have used.`,
    labels: ['index', 'path'],
    node: `node_rapl_${zone.replace(/_*[^0-9A-Za-z_]+_*/g, '_')}_joules_total`,
    native,
  });
}

/** The zones of today's processors. */
export const RAPL: Readonly<Record<string, Signal>> = Object.fromEntries(
  ['package', 'core', 'uncore', 'dram', 'psys'].map((zone) => [zone, make(zone)]),
);

const others = new Map<string, Signal>();

/** The signal of a zone by its name without the number at its end. */
export function raplSignal(zone: string): Signal {
  const known = RAPL[zone] ?? others.get(zone);
  if (known !== undefined) return known;
  const fresh = make(zone);
  others.set(zone, fresh);
  return fresh;
}

/** The one family of node_exporter's `--collector.rapl.enable-zone-label`. */
export const RAPL_LABELLED = signal('rapl', 'labelled', {
  type: 'counter',
  unit: 'joules',
  help: 'Energy that this RAPL domain has used.',
  labels: ['index', 'path', 'rapl_zone'],
  node: 'node_rapl_joules_total',
  native,
});
