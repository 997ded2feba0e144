import { expect, test } from 'bun:test';
import { HWMON_ATTRIBUTES, hwmonClean, hwmonSignal } from './hwmon.ts';
import { HWMON_PROPERTIES, HWMON_STANDARD, HWMON_TYPES } from './hwmon-attributes.ts';

test('every standard attribute has a row with an id and a node name of its own, and words for its help', () => {
  const rows = Object.values(HWMON_ATTRIBUTES);
  expect(rows.length).toBe(Object.values(HWMON_STANDARD).flat().length);
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  expect(new Set(rows.map((row) => row.dialects.node?.name)).size).toBe(rows.length);
  for (const property of Object.values(HWMON_STANDARD).flat()) {
    expect(HWMON_PROPERTIES[property], property).toBeDefined();
  }
  expect(Object.keys(HWMON_STANDARD)).toEqual(Object.keys(HWMON_TYPES));
});

test('hwmonSignal() answers the same signal for the same attribute, known or not', () => {
  expect(hwmonSignal('temp', 'crit', false)).toBe(HWMON_ATTRIBUTES['temp_crit'] as never);
  expect(hwmonSignal('temp', 'crit', true)).toBe(HWMON_ATTRIBUTES['temp_crit'] as never);
  const made = hwmonSignal('in', 'new_thing', false);
  expect(hwmonSignal('in', 'new_thing', false)).toBe(made);
  expect(made).toMatchObject({
    unit: 'volts',
    dialects: { node: { name: 'node_hwmon_in_new_thing_volts' } },
  });
});

test('hwmonSignal() keeps the short name for the file without property', () => {
  expect(hwmonSignal('temp', 'input', false).dialects.node?.name).toBe('node_hwmon_temp_celsius');
  expect(hwmonSignal('temp', 'input', true).dialects.node?.name).toBe(
    'node_hwmon_temp_input_celsius',
  );
  expect(hwmonSignal('temp', '', true).dialects.node?.name).toBe('node_hwmon_temp_celsius');
});

test('hwmonClean() leaves lower-case letters, digits, colons and inner underscores', () => {
  expect(hwmonClean('0000:0A:00.1')).toBe('0000:0a:00_1');
  expect(hwmonClean('__Some-Chip \n')).toBe('some_chip');
  expect(hwmonClean('°')).toBe('');
});
