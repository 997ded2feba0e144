import { signals } from '../signal.ts';

/** Computed from what the hwmon and thermal_zone collectors read. */
export const CPU_TEMPERATURE = signals('cpu', {
  temperature: {
    type: 'gauge',
    unit: 'celsius',
    help: "Hottest of the CPUs' own sensors: hwmon chips coretemp, k10temp, zenpower and via_cputemp and thermal zones x86_pkg_temp, TCPU and cpu*; on ARM, where there is none of them, the ACPI thermal zones.",
    native: 'cpu_temperature_celsius',
  },
});
