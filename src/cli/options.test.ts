import { expect, test } from 'bun:test';
import { buildConfig } from '../config/config.ts';
import { CPU_TOPOLOGY_DEFAULTS } from '../sensors/cpu-topology.ts';
import { FILESYSTEM_DEFAULTS } from '../sensors/filesystem/filesystem.ts';
import { HWMON_DEFAULTS } from '../sensors/hwmon.ts';
import { POWER_SUPPLY_DEFAULTS } from '../sensors/powersupplyclass.ts';
import { RAPL_DEFAULTS } from '../sensors/rapl.ts';
import { TEXTFILE_DEFAULTS } from '../sensors/textfile/textfile.ts';
import { optionsOf } from './options.ts';

test('optionsOf() gives the sources their own defaults under their own names', () => {
  const config = buildConfig();
  expect(optionsOf(config, 'cpu')).toEqual(CPU_TOPOLOGY_DEFAULTS);
  expect(optionsOf(config, 'rapl')).toEqual(RAPL_DEFAULTS);
  expect(optionsOf(config, 'textfile')).toEqual(TEXTFILE_DEFAULTS);
  expect(optionsOf(config, 'filesystem')).toEqual(FILESYSTEM_DEFAULTS);
  expect(optionsOf(config, 'hwmon')).toEqual(HWMON_DEFAULTS);
  expect(optionsOf(config, 'powersupplyclass')).toEqual(POWER_SUPPLY_DEFAULTS);
});

test('optionsOf() leaves `native` out unless it is a pattern, and keeps an empty exclude', () => {
  const off = new Map([['collectors.netdev.device_exclude', '']]);
  expect(optionsOf(buildConfig(off), 'netdev')).toEqual({ deviceExclude: '', deviceInclude: '' });
  const set = new Map([['collectors.netdev.native', '^eth']]);
  expect(optionsOf(buildConfig(set), 'netdev')).toMatchObject({ native: '^eth' });
});
