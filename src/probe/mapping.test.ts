import { expect, test } from 'bun:test';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { FrameReader, FrameWriter } from './frame.ts';
import {
  adoptMapping,
  createMapping,
  mappingDirectory,
  removeMappings,
  sweepMappings,
} from './mapping.ts';

function directory(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(`${tmpdir()}/edgegauge-mapping-`);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('what one side writes the other reads, and the file has no name once both have it', () => {
  using dir = directory();
  const { name, bytes } = createMapping(dir.path, process.pid, 8);
  expect(statSync(`${dir.path}/${name}`).mode & 0o777).toBe(0o600);
  const reader = new FrameReader(adoptMapping(dir.path, name));
  expect(readdirSync(dir.path)).toEqual([]);
  new FrameWriter(bytes).write(Float64Array.of(42), 1, 1, 1);
  expect(reader.take()).toBe(true);
  expect(reader.values[0]).toBe(42);
});

test('only a mapping’s name is adopted, and none that is not there', () => {
  using dir = directory();
  writeFileSync(`${dir.path}/other`, '');
  expect(() => adoptMapping(dir.path, 'other')).toThrow('no mapping');
  expect(() => adoptMapping(dir.path, '../edgegauge-1-1-a')).toThrow('no mapping');
  expect(existsSync(`${dir.path}/other`)).toBe(true);
  expect(() => adoptMapping(dir.path, 'edgegauge-1-1-a')).toThrow();
});

test('removeMappings() removes what one child of this process left, however young', () => {
  using dir = directory();
  const left = [`edgegauge-${process.pid}-5-a`, `edgegauge-${process.pid}-5-b`];
  const other = [`edgegauge-${process.pid}-6-a`, 'edgegauge-1-5-a', 'mine'];
  for (const name of [...left, ...other]) writeFileSync(`${dir.path}/${name}`, '');
  removeMappings(dir.path, 5);
  expect(readdirSync(dir.path).sort()).toEqual(other.sort());
});

test('sweepMappings() removes old files of processes that are gone and its own, and nothing else', () => {
  using dir = directory();
  const ended = Bun.spawnSync(['true']).pid;
  const old = ['mine', `edgegauge-${ended}-5-a`, `edgegauge-${process.pid}-5-a`, 'edgegauge-1-5-a'];
  const young = [`edgegauge-${ended}-6-b`];
  for (const name of [...old, ...young]) writeFileSync(`${dir.path}/${name}`, '');
  for (const name of old) utimesSync(`${dir.path}/${name}`, 1, 1);
  sweepMappings(dir.path);
  expect(readdirSync(dir.path).sort()).toEqual(['edgegauge-1-5-a', ...young, 'mine'].sort());
});

test('mappings are made in systemd’s directory, else in shared memory, and never in one that is not there', () => {
  using dir = directory();
  expect(mappingDirectory({ RUNTIME_DIRECTORY: dir.path })).toBe(dir.path);
  expect(mappingDirectory({ RUNTIME_DIRECTORY: `${dir.path}:/elsewhere` })).toBe(dir.path);
  expect(mappingDirectory({ RUNTIME_DIRECTORY: `${dir.path}/none` })).toBe('/dev/shm');
  expect(mappingDirectory({})).toBe('/dev/shm');
});
