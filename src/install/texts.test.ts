import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/parts.ts';
import { installedUnit, MARK, TEXTS } from './texts.ts';

const packaged = readFileSync(join(ROOT, 'packaging/systemd/edgegauge.service'), 'utf8');

test('the unit is that of the package but for the path of the program and the manual pages', () => {
  const without = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => !line.startsWith('#') && line !== '' && !line.startsWith('Documentation='))
      .map((line) => line.replace('/usr/local/bin/edgegauge', '/usr/bin/edgegauge'));
  expect(without(TEXTS.service)).toEqual(without(packaged));
  expect(TEXTS.service).toContain('ExecStart=/usr/local/bin/edgegauge serve ');
  expect(TEXTS.service.split('\n')[0]).toBe(MARK);
});

test('a unit that starts something else is not taken', () => {
  expect(() => installedUnit('[Service]\nExecStart=/usr/sbin/other\n')).toThrow(
    'the unit does not start /usr/bin/edgegauge',
  );
});

test('the other files are those of the package', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  expect(TEXTS.sysusers).toBe(read('packaging/systemd/sysusers.conf'));
  expect(TEXTS.rules).toBe(read('packaging/systemd/60-edgegauge.rules'));
  expect(TEXTS.attribution).toBe(read('packaging/systemd/attribution.conf'));
  expect(TEXTS.config).toBe(read('packaging/deb/etc/edgegauge.yaml'));
  expect(TEXTS.defaults).toBe(read('packaging/deb/etc/default'));
  expect(TEXTS.webConfig).toBe(read('config/web-config.yaml'));
});
