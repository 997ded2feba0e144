/**
 * Which of the temperatures that other sources read are those of the CPUs. The hwmon and thermal_zone
 * sources tell it at each discovery; the cpu_temperature source asks it at each sample.
 */

/** Drivers of the sensors inside CPUs. */
const CHIPS = /^(coretemp|k10temp|zenpower|via_cputemp|cpu_?thermal)$/;

/** Thermal zones that are CPUs, as firmware and device trees call them. */
const ZONES = /^(x86_pkg_temp|tcpu|cpu)/i;

/** The ACPI thermal zones: on ARM machines without anything better (GB10) they follow the die. */
const ACPI = 'acpitz';

interface Sensor {
  readonly label: string | undefined;
  readonly slot: number;
}

export class CpuSensors {
  readonly #chips: Sensor[] = [];
  readonly #zones: number[] = [];
  readonly #acpi: number[] = [];

  clearChips(): void {
    this.#chips.length = 0;
  }

  clearZones(): void {
    this.#zones.length = 0;
    this.#acpi.length = 0;
  }

  /** A temperature of a hwmon chip, with what the driver calls the chip and the sensor. */
  addChip(driver: string, label: string | undefined, slot: number): void {
    if (CHIPS.test(driver)) this.#chips.push({ label, slot });
  }

  addZone(type: string, slot: number): void {
    if (ZONES.test(type)) this.#zones.push(slot);
    else if (type === ACPI) this.#acpi.push(slot);
  }

  /** Slots of the CPUs' own sensors. `arm`: the CPUs are ARM's. */
  slots(arm: boolean): readonly number[] {
    // Tctl is Tdie plus an offset for the fans where the driver tells them apart.
    const die = this.#chips.some((c) => c.label === 'Tdie');
    const chips = this.#chips.filter((c) => !(die && c.label === 'Tctl')).map((c) => c.slot);
    const own = [...chips, ...this.#zones];
    // An x86 board's ACPI zone can be anywhere, and often stands still at 27.8.
    return own.length > 0 || !arm ? own : this.#acpi;
  }
}
