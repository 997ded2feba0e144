import { expect, test } from 'bun:test';
import { cpuList, cpuNumbers, cpuSet } from './cpus.ts';
import { OnDisk } from './tree.fixture.ts';

test('cpuList() reads single numbers and ranges', () => {
  expect(cpuList('0-3,8,10-11')).toEqual([0, 1, 2, 3, 8, 10, 11]);
});

test('cpuList() is empty for an empty set and for what is no set', () => {
  expect([...cpuList(''), ...cpuList('\n'), ...cpuList('(null)'), ...cpuList('3-1')]).toEqual([]);
});

test('cpuNumbers() finds CPUs in order of their numbers and nothing else', () => {
  using disk = OnDisk.machine('h100', 'sys/devices/system/cpu/');
  expect(cpuNumbers(disk.paths)).toEqual(Array.from({ length: 32 }, (_, i) => i));
  expect(cpuSet(disk.paths, 'offline')).toEqual([13]);
  expect(cpuSet(disk.paths, 'no such file')).toEqual([]);
});
