import { type Entry, type Signal, signal, signals } from '../signal.ts';
import { HWMON_PROPERTIES, HWMON_STANDARD, HWMON_TYPES } from './hwmon-attributes.ts';

/** Hardware monitoring chips: what is not simply a number in an attribute file. */
export const HWMON = signals('hwmon', {
  chipName: {
    type: 'gauge',
    help: 'What the driver calls this chip; always 1.',
    labels: ['chip', 'chip_name'],
    node: 'node_hwmon_chip_names',
  },
  sensorLabel: {
    type: 'gauge',
    help: 'What the driver calls this sensor; always 1.',
    labels: ['chip', 'label', 'sensor'],
    node: 'node_hwmon_sensor_label',
  },
  beepEnabled: {
    type: 'gauge',
    help: 'Whether the chip may beep at all.',
    labels: ['chip', 'sensor'],
    node: 'node_hwmon_beep_enabled',
  },
  regulatorVersion: {
    type: 'gauge',
    help: 'Version of the specification that the VID pins of the voltage regulator follow.',
    labels: ['chip', 'sensor'],
    node: 'node_hwmon_voltage_regulator_version',
  },
  updateInterval: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How often the chip measures.',
    labels: ['chip', 'sensor'],
    node: 'node_hwmon_update_interval_seconds',
  },
});

/** What is appended to a family's name, and the unit of its values. */
interface Dimension {
  readonly suffix: string;
  readonly unit: string;
}

const PLAIN: Dimension = { suffix: '', unit: '' };
const BY_TYPE: Readonly<Record<string, Dimension>> = {
  in: { suffix: '_volts', unit: 'volts' },
  cpu: { suffix: '_volts', unit: 'volts' },
  temp: { suffix: '_celsius', unit: 'celsius' },
  curr: { suffix: '_amps', unit: 'amperes' },
  energy: { suffix: '_joule_total', unit: 'joules' },
  power: { suffix: '_watt', unit: 'watts' },
  humidity: { suffix: '', unit: 'ratio' },
};

/** As node_exporter names them, odd ones (`_crit_alarm_celsius`) included. */
function dimension(type: string, property: string): Dimension {
  if (property === 'fault' || property === 'alarm') return PLAIN;
  if (property === 'beep') return { suffix: '_enabled', unit: '' };
  if (type === 'temp' && property === 'type') return PLAIN;
  if (type === 'power' && property === 'accuracy') return { suffix: '', unit: 'ratio' };
  if (type === 'power' && /^average_interval(_min|_max)?$/.test(property)) {
    return { suffix: '_seconds', unit: 'seconds' };
  }
  if (type === 'fan' && /^(input|min|max|target)$/.test(property)) {
    return { suffix: '_rpm', unit: 'rpm' };
  }
  if (type === 'freq' && property === 'input') return { suffix: '_freq_mhz', unit: 'mhz' };
  return BY_TYPE[type] ?? PLAIN;
}

const native = (name: string, help: string): Entry => ({
  name,
  help,
  labels: { chip: 'chip', sensor: 'sensor', name: 'label' },
});

/** Native series say in `label` what the sensor is: the driver's word for it, or its file's. */
const NATIVE: Readonly<Record<string, Entry>> = {
  temp_input: native('sensor_temperature_celsius', 'Temperature that this sensor measures.'),
  temp_max: native('sensor_temperature_max_celsius', 'Temperature that it should stay below.'),
  temp_crit: native(
    'sensor_temperature_critical_celsius',
    'Temperature at which the device throttles or turns itself off.',
  ),
  in_input: native('sensor_voltage_volts', 'Voltage that this sensor measures.'),
  curr_input: native('sensor_current_amperes', 'Current that this sensor measures.'),
  power_input: native('sensor_power_watts', 'Power that this sensor measures.'),
  power_average: native('sensor_power_average_watts', 'Power, averaged by the device itself.'),
  power_cap: native('sensor_power_cap_watts', 'Power that the device does not let itself exceed.'),
  energy_input: native('sensor_energy_joules_total', 'Energy that this sensor has counted.'),
  fan_input: native('sensor_fan_rpm', 'Revolutions per minute of this fan.'),
  humidity_input: {
    ...native('sensor_humidity_ratio', 'Relative humidity, 1 is saturated.'),
    // The kernel counts thousandths of a percent, and node_exporter divides those by a million.
    scale: 10,
  },
};

/** Text as it becomes part of a family's name, or the value of a `chip` label. */
export function hwmonClean(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '');
}

function make(type: string, property: string, short: boolean): Signal {
  const { suffix, unit } = dimension(type, property);
  const name = short ? '' : hwmonClean(property);
  const entry = NATIVE[`${type}_${property}`];
  return signal('hwmon', `${type}_${property}${property === 'input' && !short ? '_long' : ''}`, {
    type: suffix === '_joule_total' ? 'counter' : 'gauge',
    unit,
    help: `${HWMON_TYPES[type] ?? type}: ${HWMON_PROPERTIES[property] ?? property}.`,
    labels: ['chip', 'sensor'],
    node: `node_hwmon_${type}${name === '' ? '' : `_${name}`}${suffix}`,
    ...(entry === undefined ? {} : { native: entry }),
  });
}

/** The signal of every attribute that the kernel's interface knows, by `<type>_<property>`. */
export const HWMON_ATTRIBUTES: Readonly<Record<string, Signal>> = Object.fromEntries(
  Object.entries(HWMON_STANDARD).flatMap(([type, properties]) =>
    properties.map((p) => [`${type}_${p}`, make(type, p, p === 'input')]),
  ),
);

const others = new Map<string, Signal>();

/**
 * The signal of the attribute file `<type><number>_<property>`, also of one that a driver made up.
 * `taken`: the sensor has a file without property too, so that `input` cannot have the short name.
 */
export function hwmonSignal(type: string, property: string, taken: boolean): Signal {
  const long = taken && property === 'input';
  const key = `${type}_${property}`;
  const known = (long ? undefined : HWMON_ATTRIBUTES[key]) ?? others.get(`${key} ${long}`);
  if (known !== undefined) return known;
  const fresh = make(type, property, property === 'input' && !long);
  others.set(`${key} ${long}`, fresh);
  return fresh;
}
