import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConfig } from '../src/config/config.ts';
import { parseConfig } from '../src/config/loader.ts';
import { SETTINGS } from '../src/config/settings.ts';
import { configFile, withFlags } from './settings-page.ts';

const read = (path: string): string => readFileSync(join(import.meta.dir, '..', path), 'utf8');

test('config/edgegauge.yaml says every setting, and each as its default is', () => {
  const settings = parseConfig(read('config/edgegauge.yaml'), 'config/edgegauge.yaml');
  expect([...settings.keys()].sort()).toEqual(SETTINGS.map((s) => s.path).sort());
  expect(buildConfig(settings)).toEqual(buildConfig());
});

test('config/edgegauge.yaml and the flags in README.md are what the settings say', () => {
  expect(read('config/edgegauge.yaml') === configFile()).toBe(true);
  const readme = read('README.md');
  expect(withFlags(readme) === readme).toBe(true);
});
