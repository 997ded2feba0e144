import { describe, expect, test } from 'bun:test';
import { COLLECTORS } from './collectors.ts';
import { buildConfig } from './config.ts';
import { readValue } from './kinds.ts';
import type { Value } from './setting.ts';
import { SETTING_BY_PATH, SETTINGS } from './settings.ts';

const twice = (all: readonly string[]): string[] => all.filter((a, i) => all.indexOf(a) !== i);

describe('SETTINGS', () => {
  test('have a path and a flag each, all different', () => {
    expect(twice(SETTINGS.map((s) => s.path))).toEqual([]);
    expect(twice(SETTINGS.map((s) => s.flag))).toEqual([]);
    expect(SETTING_BY_PATH.size).toBe(SETTINGS.length);
    for (const s of SETTINGS) {
      expect(s.path).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
      expect(s.flag).toMatch(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/);
      // `--no-X` switches X off.
      expect(s.flag).not.toStartWith('no-');
    }
  });

  test('have no path that is also a section, which no file could hold both of', () => {
    for (const { path } of SETTINGS) {
      expect(SETTINGS.filter((s) => s.path.startsWith(`${path}.`))).toEqual([]);
    }
  });

  test('have a help that is a sentence, and choices where there is something to choose', () => {
    for (const s of SETTINGS) {
      expect(s.help).toMatch(/^\S[^\n]*\.$/);
      expect([s.path, s.of !== undefined]).toEqual([s.path, s.kind.startsWith('choice')]);
    }
  });

  test('have the names that users of node_exporter know', () => {
    const flags = SETTINGS.map((s) => s.flag);
    for (const flag of [
      'web.listen-address',
      'web.telemetry-path',
      'path.procfs',
      'path.sysfs',
      'path.rootfs',
      'path.udev.data',
      'log.level',
      'log.format',
      'collector.textfile.directory',
      'collector.filesystem.mount-points-exclude',
      'collector.filesystem.fs-types-exclude',
      'collector.filesystem.mount-timeout',
      'collector.netdev.device-exclude',
      'collector.netdev.device-include',
      'collector.netclass.ignored-devices',
      'collector.diskstats.device-exclude',
      'collector.diskstats.device-include',
      'collector.arp.device-exclude',
      'collector.hwmon.chip-include',
      'collector.hwmon.chip-exclude',
      'collector.hwmon.sensor-include',
      'collector.hwmon.sensor-exclude',
      'collector.vmstat.fields',
      'collector.netstat.fields',
      'collector.powersupply.ignored-supplies',
    ]) {
      expect(flags).toContain(flag);
    }
    for (const { name } of COLLECTORS) expect(flags).toContain(`collector.${name}`);
  });

  test('are all in the configuration: each, when set, changes it', () => {
    const standard = JSON.stringify(buildConfig());
    for (const s of SETTINGS) {
      const other = otherValue(s.default, s.of);
      const config = buildConfig(new Map([[s.path, other]]));
      expect([s.path, JSON.stringify(config) !== standard]).toEqual([s.path, true]);
      expect(JSON.stringify(buildConfig(new Map([[s.path, s.default]])))).toBe(standard);
    }
  });

  test('have defaults that are of their own kind', () => {
    for (const s of SETTINGS) {
      // A duration is milliseconds once read.
      if (s.kind === 'duration') expect(s.default).toBeGreaterThan(0);
      else expect([s.path, readValue(s, s.default)]).toEqual([s.path, s.default]);
    }
  });
});

function otherValue(value: Value, of: readonly string[] | undefined): Value {
  if (of !== undefined) {
    const other = of.find((o) => o !== value && !Bun.deepEquals([o], value)) as string;
    return Array.isArray(value) ? [other] : other;
  }
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' ? `${value}x` : [...(value as readonly string[]), 'x'];
}
