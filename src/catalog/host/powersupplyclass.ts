import { type Row, type Signal, signal, signals } from '../signal.ts';

const row = (name: string, unit: string, help: string): Row => ({
  type: 'gauge',
  unit,
  help,
  labels: ['power_supply'],
  node: `node_power_supply_${name}`,
});
const amperes = (name: string, help: string): Row => row(name, 'amperes', help);
const volts = (name: string, help: string): Row => row(name, 'volts', help);
const celsius = (name: string, help: string): Row => row(`${name}_celsius`, 'celsius', help);
const ampereHours = (name: string, help: string): Row => row(name, 'ampere_hours', help);
const wattHours = (name: string, help: string): Row => row(name, 'watt_hours', help);

/**
 * /sys/class/power_supply: batteries, mains and USB supplies; keys are the attributes' names.
 * https://docs.kernel.org/power/power_supply_class.html
 */
export const POWER_SUPPLY = signals('powersupplyclass', {
  authentic: row('authentic', '', 'Whether the supply has proved that it is genuine.'),
  calibrate: row('calibrate', '', 'Whether the battery is being calibrated.'),
  capacity: row('capacity', '', 'Charge of the battery in percent.'),
  capacity_alert_max: row('capacity_alert_max', '', 'Charge in percent above which it warns.'),
  capacity_alert_min: row('capacity_alert_min', '', 'Charge in percent below which it warns.'),
  cycle_count: row('cyclecount', '', 'Full charges and discharges so far.'),
  online: row(
    'online',
    '',
    'Whether the supply gives power: 0 no, 1 yes, 2 at a changeable voltage.',
  ),
  present: row('present', '', 'Whether the battery is there.'),
  time_to_empty_now: row('time_to_empty_seconds', 'seconds', 'Time until it is empty.'),
  time_to_full_now: row('time_to_full_seconds', 'seconds', 'Time until it is full.'),
  current_boot: amperes('current_boot', 'Current at the time of boot.'),
  current_max: amperes('current_max', 'Highest current.'),
  current_now: amperes('current_ampere', 'Current; which sign is charging depends on the driver.'),
  charge_term_current: amperes('charge_term_current', 'Current below which charging ends.'),
  constant_charge_current: amperes('constant_charge_current', 'Charging current that is set.'),
  constant_charge_current_max: amperes(
    'constant_charge_current_max',
    'Highest charging current that the supply can do.',
  ),
  precharge_current: amperes('precharge_current', 'Current in the phase before fast charging.'),
  input_current_limit: amperes('input_current_limit', 'Highest current drawn from the source.'),
  charge_control_limit: row('charge_control_limit', '', 'Charging level that is set.'),
  charge_control_limit_max: row('charge_control_limit_max', '', 'Highest charging level.'),
  energy_empty: wattHours('energy_empty', 'Energy at which it counts as empty.'),
  energy_empty_design: wattHours('energy_empty_design', 'The same when it was new.'),
  energy_full: wattHours('energy_full', 'Energy when it was last full.'),
  energy_full_design: wattHours('energy_full_design', 'The same when it was new.'),
  energy_now: wattHours('energy_watthour', 'Energy left.'),
  charge_counter: ampereHours('charge_counter', 'Charge counted since the counter was set.'),
  charge_empty: ampereHours('charge_empty', 'Charge at which it counts as empty.'),
  charge_empty_design: ampereHours('charge_empty_design', 'The same when it was new.'),
  charge_full: ampereHours('charge_full', 'Charge when it was last full.'),
  charge_full_design: ampereHours('charge_full_design', 'The same when it was new.'),
  charge_now: ampereHours('charge_ampere', 'Charge left.'),
  voltage_boot: volts('voltage_boot', 'Voltage at the time of boot.'),
  voltage_max: volts('voltage_max', 'Highest voltage.'),
  voltage_max_design: volts('voltage_max_design', 'Highest voltage by design.'),
  voltage_min: volts('voltage_min', 'Lowest voltage.'),
  voltage_min_design: volts('voltage_min_design', 'Lowest voltage by design.'),
  voltage_now: volts('voltage_volt', 'Voltage.'),
  voltage_ocv: volts('voltage_ocv', 'Voltage without load.'),
  constant_charge_voltage: volts('constant_charge_voltage', 'Charging voltage that is set.'),
  constant_charge_voltage_max: volts(
    'constant_charge_voltage_max',
    'Highest charging voltage that the supply can do.',
  ),
  power_now: row('power_watt', 'watts', 'Power.'),
  temp: celsius('temp', 'Temperature.'),
  temp_alert_max: celsius('temp_alert_max', 'Temperature above which it warns.'),
  temp_alert_min: celsius('temp_alert_min', 'Temperature below which it warns.'),
  temp_ambient: celsius('temp_ambient', 'Temperature around it.'),
  temp_ambient_max: celsius('temp_ambient_max', 'Temperature around it above which it warns.'),
  temp_ambient_min: celsius('temp_ambient_min', 'Temperature around it below which it warns.'),
  temp_max: celsius('temp_max', 'Highest temperature to work at.'),
  temp_min: celsius('temp_min', 'Lowest temperature to work at.'),
});

/** It has a label for each of these attributes that says something. */
export const POWER_SUPPLY_INFO_LABELS = [
  'capacity_level',
  'charge_type',
  'health',
  'manufacturer',
  'model_name',
  'scope',
  'serial_number',
  'status',
  'technology',
  'type',
  'usb_type',
] as const;

/** Labels as names say; one that the driver does not give is not there. */
export const POWER_SUPPLY_INFO: { readonly info: Signal } = {
  info: {
    ...signal('powersupplyclass', 'info', {
      type: 'gauge',
      help: 'What this power supply is and how it fares; always 1.',
      node: 'node_power_supply_info',
    }),
    labels: undefined,
  },
};
