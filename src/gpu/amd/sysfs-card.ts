/** One card as its files show it: the PCI device's directory, its hwmon chip, its RAS folder, gpu_metrics. */
import { Attributes, readBytes } from './attribute.ts';
import type { Card } from './backend.ts';
import { INTEGRATED, kindOf, tellsEnergy } from './chips.ts';
import { Metrics } from './metrics.ts';
import type { Quantities } from './quantities.ts';

/** Writes what it knows of a card. */
export type Read = (card: SysfsCard, out: Quantities) => void;

export class SysfsCard {
  readonly device: Attributes;
  readonly hwmon: Attributes | undefined;
  readonly ras: Attributes;
  /** Whether the energy counter is known to be one. */
  readonly energyKnown: boolean;
  /** Part of a chip with the CPU: its PCIe link is a placeholder. Such a chip alone has a supply of the north bridge. */
  readonly integrated: boolean;
  /** What a hwmon sensor is called (`junction`) → its name (`temp2`). */
  readonly #labels = new Map<string, string>();
  readonly #metrics = new Metrics();
  readonly #metricsPath: string | undefined;
  readonly #complain: (message: string) => void;
  /** Whether gpu_metrics was read in this poll: its groups share one reading. */
  #read = false;
  #complained = '';

  constructor(card: Card, complain: (message: string) => void) {
    this.device = new Attributes(card.directory);
    this.hwmon = card.hwmon === undefined ? undefined : new Attributes(card.hwmon);
    this.ras = new Attributes(`${card.directory}/ras`);
    this.energyKnown = tellsEnergy(kindOf(card.directory));
    this.#complain = (message) => complain(`${card.address}: ${message}`);
    for (const name of this.hwmon?.names ?? []) {
      const sensor = /^(.+)_label$/.exec(name)?.[1];
      const label = sensor === undefined ? undefined : this.hwmon?.text(name);
      if (label !== undefined) this.#labels.set(label, sensor as string);
    }
    this.integrated = this.#labels.has(INTEGRATED);
    if (this.device.has('gpu_metrics')) this.#metricsPath = `${card.directory}/gpu_metrics`;
  }

  /** The property of the sensor with this label: `sensor('junction', 'input')`. */
  sensor(label: string, property: string): number {
    const name = this.#labels.get(label);
    return name === undefined ? Number.NaN : this.chip(`${name}_${property}`);
  }

  /** A file of the hwmon chip. */
  chip(name: string): number {
    return this.hwmon?.number(name) ?? Number.NaN;
  }

  begin(): void {
    this.#read = false;
  }

  /** The newest gpu_metrics; knows nothing where it cannot be read. */
  get metrics(): Metrics {
    if (this.#metricsPath === undefined || this.#read) return this.#metrics;
    this.#read = true;
    const length = readBytes(this.#metricsPath, this.#metrics.bytes);
    // The driver refuses while the card is being reset; that is not worth a word.
    const fault = length < 0 ? undefined : this.#metrics.take(length);
    if (length < 0) this.#metrics.clear();
    if (fault !== undefined && fault !== this.#complained) {
      this.#complain(`${fault}: what is in no other file (energy, throttling, XGMI) is left out`);
    }
    if (length >= 0) this.#complained = fault ?? '';
    return this.#metrics;
  }
}
