import { expect, test } from 'bun:test';
import { UNGUARDED } from '../../board/guard.ts';
import { fakeProc } from './proc.fixture.ts';
import { familyOf, readProcesses } from './process-table.ts';

test('a family is a process and all that descend from it', () => {
  using proc = fakeProc([
    { pid: 5, parent: 40, command: ['grandchild'] },
    { pid: 10, parent: 1, command: ['root'] },
    { pid: 40, parent: 10, command: ['child'] },
    { pid: 41, parent: 10, command: ['child'] },
    { pid: 50, parent: 2, command: ['stranger'] },
  ]);
  const processes = readProcesses(proc.path, UNGUARDED);
  expect([...familyOf(10, processes)].sort((a, b) => a - b)).toEqual([5, 10, 40, 41]);
  expect([...familyOf(99, processes)]).toEqual([99]);
});

test('a family that goes round in a circle ends', () => {
  const one = { pid: 1, parent: 2, startTime: 0, command: ['a'] };
  const two = { pid: 2, parent: 1, startTime: 0, command: ['b'] };
  expect(
    familyOf(
      1,
      new Map([
        [1, one],
        [2, two],
      ]),
    ).size,
  ).toBe(2);
});

test('names with blanks and parentheses do not hide the fields behind them', () => {
  using proc = fakeProc([{ pid: 7, parent: 3, start: 4711, command: ['x'] }]);
  expect(readProcesses(proc.path, UNGUARDED).get(7)).toEqual({
    pid: 7,
    parent: 3,
    startTime: 4711,
    command: ['x'],
  });
});

test('two thousand processes are looked at within fifty milliseconds', () => {
  const command = ['/usr/bin/program', '--with', 'some', 'words'];
  const many = Array.from({ length: 2000 }, (_, i) => ({ pid: i + 2, parent: 1, command }));
  using proc = fakeProc(many);
  readProcesses(proc.path, UNGUARDED);
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    expect(familyOf(1, readProcesses(proc.path, UNGUARDED)).size).toBe(2001);
    return performance.now() - started;
  });
  console.log(`2000 processes: ${Math.min(...times).toFixed(1)} ms`);
  expect(Math.min(...times)).toBeLessThan(50);
});
