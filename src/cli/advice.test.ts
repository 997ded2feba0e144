import { expect, test } from 'bun:test';
import type { SourceReport } from '../board/registry.ts';
import { buildConfig } from '../config/config.ts';
import { UNGUARDED } from '../sensors/guard.ts';
import { advice } from './advice.ts';
import { sensorSources } from './sensor-sources.ts';
import { hostSources } from './sources.ts';

const report = (more: Partial<SourceReport>): SourceReport => ({
  name: 'hwmon',
  collectors: ['hwmon'],
  status: 'absent',
  error: 'nothing there',
  durationSeconds: Number.NaN,
  lastSuccess: undefined,
  ...more,
});

test('advice() says nothing of what works, or has not been looked at', () => {
  for (const status of ['ok', 'new'] as const) {
    expect(advice(report({ status, error: undefined }))).toBeUndefined();
  }
});

test('advice() says what to do about what is missing and need not be', () => {
  expect(advice(report({ name: 'textfile' }))).toContain('--collector.textfile.directory');
  expect(advice(report({ name: 'pressure' }))).toContain('psi=1');
  expect(advice(report({ name: 'loadavg' }))).toBeUndefined();
});

test('advice() calls sources by names that they have', () => {
  const config = buildConfig();
  const sources = [...hostSources(config).sources, ...sensorSources(config, UNGUARDED)];
  const advised = sources.filter((s) => advice(report({ name: s.name })) !== undefined);
  const names = advised.map((s) => s.name).sort();
  expect(names).toEqual([
    'conntrack',
    'cpufreq',
    'edac',
    'hwmon',
    'infiniband',
    'pressure',
    'rapl',
    'spbm',
    'textfile',
  ]);
});

test.each(["EACCES: permission denied, open '/sys/x'", 'EPERM: operation not permitted'])(
  'advice() says of %p that it is a question of rights, missing or failed',
  (error) => {
    for (const status of ['absent', 'failed'] as const) {
      expect(advice(report({ status, error }))).toContain('run it as root');
    }
  },
);

test('advice() says how to switch off what fails', () => {
  const failed = report({
    name: 'stat',
    collectors: ['cpu', 'stat'],
    status: 'failed',
    error: 'EIO',
  });
  expect(advice(failed)).toContain('--no-collector.cpu');
});
