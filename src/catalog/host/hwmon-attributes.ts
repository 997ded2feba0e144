/**
 * The kernel's hwmon interface as words: attribute files are `<type><number>_<property>`.
 * https://docs.kernel.org/hwmon/sysfs-interface.html
 */

/** What a type measures; files of other types are not sensors. */
export const HWMON_TYPES: Readonly<Record<string, string>> = {
  in: 'Voltage',
  cpu: 'CPU core voltage',
  fan: 'Fan speed',
  pwm: 'Fan control',
  temp: 'Temperature',
  curr: 'Current',
  power: 'Power',
  energy: 'Energy',
  humidity: 'Relative humidity',
  intrusion: 'Chassis intrusion',
  freq: 'Frequency',
};

/** What a property is; `''` is a file whose name ends with its number. */
export const HWMON_PROPERTIES: Readonly<Record<string, string>> = {
  '': 'value',
  accuracy: 'accuracy of the meter',
  alarm: 'alarm',
  average: 'average over the averaging interval',
  average_highest: 'highest average seen',
  average_interval: 'averaging interval',
  average_interval_max: 'longest averaging interval',
  average_interval_min: 'shortest averaging interval',
  average_lowest: 'lowest average seen',
  average_max: 'average above which there is an alarm',
  average_min: 'average below which there is an alarm',
  beep: 'whether its alarm beeps',
  cap: 'cap that the device keeps to',
  cap_alarm: 'alarm of the cap',
  cap_hyst: 'hysteresis of the cap',
  cap_max: 'highest cap that can be set',
  cap_min: 'lowest cap that can be set',
  crit: 'critical upper limit',
  crit_alarm: 'alarm of the critical upper limit',
  crit_hyst: 'value at which the critical state ends',
  div: 'divisor',
  emergency: 'emergency limit',
  emergency_alarm: 'alarm of the emergency limit',
  emergency_hyst: 'value at which the emergency ends',
  enable: 'mode of operation',
  fault: 'whether the sensor is broken',
  freq: 'base frequency in hertz',
  highest: 'highest value seen',
  input: 'measured value',
  input_highest: 'highest value seen',
  input_lowest: 'lowest value seen',
  lcrit: 'critical lower limit',
  lcrit_alarm: 'alarm of the critical lower limit',
  lcrit_hyst: 'value at which the critical low state ends',
  lowest: 'lowest value seen',
  max: 'upper limit',
  max_alarm: 'alarm of the upper limit',
  max_hyst: 'value at which the alarm of the upper limit ends',
  min: 'lower limit',
  min_alarm: 'alarm of the lower limit',
  min_hyst: 'value at which the alarm of the lower limit ends',
  mode: 'direct current (0) or pulse width (1)',
  offset: 'offset that the chip adds',
  pulses: 'pulses per revolution',
  rated_max: 'highest rated value',
  rated_min: 'lowest rated value',
  target: 'wanted value',
  type: 'kind of sensor',
  vid: 'reference voltage that the CPU asks for',
};

const words = (text: string): readonly string[] => text.split(' ');

const LIMITS = 'min max lcrit crit';
const ALARMS = 'alarm min_alarm max_alarm lcrit_alarm crit_alarm';
const SEEN = 'average lowest highest rated_min rated_max';

/** Properties that the interface knows of each type. */
export const HWMON_STANDARD: Readonly<Record<string, readonly string[]>> = {
  in: words(`input ${LIMITS} ${SEEN} ${ALARMS} beep fault`),
  cpu: words('vid'),
  fan: words('input min max target div pulses alarm min_alarm max_alarm beep fault'),
  pwm: ['', ...words('enable mode freq')],
  temp: words(
    `input ${LIMITS} min_hyst max_hyst lcrit_hyst crit_hyst emergency emergency_hyst ${SEEN} ${ALARMS} emergency_alarm offset type beep fault`,
  ),
  curr: words(`input ${LIMITS} ${SEEN} ${ALARMS} beep fault`),
  power: words(
    `input input_lowest input_highest average average_lowest average_highest average_min average_max average_interval average_interval_min average_interval_max accuracy cap cap_min cap_max cap_hyst ${LIMITS} rated_min rated_max alarm cap_alarm max_alarm crit_alarm`,
  ),
  energy: words('input'),
  humidity: words('input min max min_hyst max_hyst rated_min rated_max alarm'),
  intrusion: words('alarm beep'),
  freq: words('input'),
};
