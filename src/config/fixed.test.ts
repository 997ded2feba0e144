import { expect, test } from 'bun:test';
import { needRestart } from './fixed.ts';
import { parseConfig } from './loader.ts';

const changes = (was: string, now: string): string[] =>
  needRestart(parseConfig(was, 'x'), parseConfig(now, 'x'));

test('needRestart() names what only a restart brings into force, and nothing else', () => {
  expect(changes('', 'web: {telemetry_path: /m}\ndialects: [node]\n')).toEqual([
    'web.telemetry_path',
  ]);
  expect(changes('web: {listen_addresses: [":1"]}', '')).toEqual(['web.listen_addresses']);
});

test('needRestart() takes a default for what the file may also say', () => {
  expect(changes('', 'web: {listen_addresses: [":9835"], telemetry_path: /metrics}')).toEqual([]);
});
