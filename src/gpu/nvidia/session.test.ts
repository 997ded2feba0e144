import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { region, setText } from '../../../ffi/arena.ts';
import { openLibrary } from '../../../ffi/library.ts';
import { FakeNvml } from '../../../test/fakes/nvml/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { NoData } from '../../board/source.ts';
import { Machine } from './machine.fixture.ts';
import { NEEDS } from './reading.fixture.ts';
import { Session } from './session.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'edgegauge-session-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Makes a copy of the fake library answer what a scenario says. */
function follow(library: string, scenario: string): void {
  const opened = openLibrary([library]);
  if ('error' in opened) throw new Error(opened.error);
  const path = region(scenario.length + 1);
  setText(path, 0, scenario);
  opened.bind(['fakeNvmlScenario'], ['ptr'], -1)(path.pointer);
}

describe('without a driver', () => {
  const library = '/nonexistent/libnvidia-ml.so.1';
  const open = (required: boolean): unknown => {
    try {
      return new Session({ library, required, procfs: '/proc' }).open();
    } catch (error) {
      return error;
    }
  };

  test('there is nothing to say, and the reason is told', () => {
    const error = open(false) as Error;
    expect(error).toBeInstanceOf(NoData);
    expect(error.message).toStartWith(`the NVML library cannot be loaded: ${library}: cannot open`);
  });

  test('and GPUs that must be there, it is an error with the same reason', () => {
    const error = open(true) as Error;
    expect(error).not.toBeInstanceOf(NoData);
    expect(error.message).toBe((open(false) as Error).message);
  });

  testWith(['nvmlLibrary'], 'the real library says that none is loaded', ({ nvmlLibrary }) => {
    const session = new Session({ library: nvmlLibrary, required: false, procfs: '/proc' });
    expect(() => session.open()).toThrow(NoData);
    expect(() => session.open()).toThrow('NVML says: the NVIDIA driver is not loaded');
  });

  testWith(NEEDS, 'the source is absent, and finds one that is loaded later', () => {
    using machine = new Machine('no-driver');
    expect(machine.poll()).toEqual([]);
    expect(machine.report).toEqual({
      status: 'absent',
      error: 'NVML says: the NVIDIA driver is not loaded',
    });
    expect(machine.exposed.complaints).toEqual([]);
    for (let i = 0; i < 3; i++) machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 55 });
    expect(machine.report.status).toBe('ok');
  });

  testWith(NEEDS, 'the source that must have GPUs fails, and finds them later', () => {
    using machine = new Machine('no-driver', { source: { required: true } });
    expect(machine.exposed.complaints).toEqual([
      'nvidia: NVML says: the NVIDIA driver is not loaded',
    ]);
    for (let i = 0; i < 3; i++) machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 55 });
  });
});

describe('a library that differs from the driver', () => {
  testWith(
    NEEDS,
    'is told, and a library that is still in its place is no reason to start again',
    () => {
      const restarts: string[] = [];
      using machine = new Machine('mismatch', { source: { restart: (why) => restarts.push(why) } });
      machine.rediscover();
      expect(machine.report).toEqual({
        status: 'failed',
        error:
          'the NVML library and the loaded driver differ in version: reload the kernel module, or reboot',
      });
      expect(machine.exposed.complaints).toHaveLength(1);
      expect(restarts).toEqual([]);
    },
  );

  testWith(NEEDS, 'and was replaced is a reason to start again', () => {
    using fake = new FakeNvml('mismatch');
    const library = join(directory, 'libnvidia-ml.so.1');
    copyFileSync(fake.library, library);
    follow(library, fake.path);
    const restarts: string[] = [];
    const restart = (why: string): void => void restarts.push(why);
    const session = new Session({ library, required: false, procfs: '/proc', restart });
    expect(() => session.open()).toThrow('differ in version');
    expect(restarts).toEqual([]);
    const next = join(directory, 'next');
    copyFileSync(fake.library, next);
    renameSync(next, library);
    expect(() => session.open()).toThrow('differ in version');
    expect(restarts).toEqual([
      'the NVML library and the loaded driver differ in version; the library was replaced',
    ]);
  });
});

describe('a driver', () => {
  testWith(NEEDS, 'that forgot its client is asked anew within the same poll', () => {
    using machine = new Machine('gb10');
    expect(machine.values('temperature_celsius')).toEqual({ 0: 70 });
    const nvml = machine.fake.open();
    while (nvml.shutdown() === 0);
    expect(machine.values('temperature_celsius')).toEqual({ 0: 70 });
    expect(machine.exposed.complaints).toEqual([]);
  });

  testWith(NEEDS, 'that was unloaded leaves nothing, and is found when it is back', () => {
    using machine = new Machine('gb10');
    machine.poll();
    machine.fake.set('system', 'Init', 'DRIVER_NOT_LOADED');
    machine.fake.set('system', 'Count', 'DRIVER_NOT_LOADED');
    expect(machine.poll()).toEqual([]);
    expect(machine.report.error).toBe('NVML says: the NVIDIA driver is not loaded');
    machine.fake.setAll('system', { Init: 'SUCCESS', Count: 1 });
    machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 70 });
    expect(machine.values('lost')).toEqual({ 0: 0 });
  });

  testWith(NEEDS, 'that cannot be initialised for another reason fails with it', () => {
    using machine = new Machine('gb10', { set: { system: { Init: 'INSUFFICIENT_RESOURCES' } } });
    expect(machine.report).toEqual({
      status: 'failed',
      error: 'NVML cannot be initialised: out of resources',
    });
  });

  testWith(NEEDS, 'that says that there is no GPU to be initialised for has none', () => {
    using machine = new Machine('gb10', { set: { system: { Init: 'NOT_FOUND' } } });
    expect(machine.poll()).toEqual(['devices{vendor="nvidia"} 0']);
  });

  testWith(NEEDS, 'is initialised again when the kernel knows another GPU', () => {
    const gpus = join(directory, 'driver', 'nvidia', 'gpus');
    mkdirSync(join(gpus, '0000:01:00.0'), { recursive: true });
    using machine = new Machine('gb10', { source: { procfs: directory } });
    machine.poll();
    machine.fake.set('system', 'Init', 'INSUFFICIENT_RESOURCES');
    machine.rediscover();
    expect(machine.report.status).toBe('ok');
    mkdirSync(join(gpus, '0000:02:00.0'));
    machine.rediscover();
    expect(machine.report.error).toBe('NVML cannot be initialised: out of resources');
  });
});
