import { describe, expect, test } from 'bun:test';
import type { Guard } from '../../board/guard.ts';
import type { Backend, Card } from './backend.ts';
import { Machine } from './machine.fixture.ts';
import { at } from './quantities.ts';

const POWER = { groups: ['power'] } as const;

/** A library that knows the power of every card, 1 W, and nothing else. */
class Library implements Backend {
  readonly name = 'rocm_smi';
  version: string | undefined;
  opened = 0;
  closed = 0;
  /** Why it does not open. */
  fault: string | undefined;
  /** Addresses of cards that it does not have. */
  lacks: readonly string[] = [];

  open(): void {
    if (this.fault !== undefined) throw new Error(this.fault);
    this.opened++;
    this.version = '7.2.0';
  }

  attach({ address }: Card) {
    if (this.lacks.includes(address)) return undefined;
    return {
      read: (group: string, out: Float64Array) => {
        if (group === 'power') out[at('powerAverage')] = 1;
      },
    };
  }

  close(): void {
    this.closed++;
    this.version = undefined;
  }
}

const refusing = (names: Set<string>): Guard => ({ enter: (name) => !names.has(name), leave() {} });

const AVERAGE = 'power_average_watts';
const INSTANT = 'power_instant_watts';

describe('with a library', () => {
  test('its word counts, and files tell what it does not', () => {
    using machine = new Machine('mi300x', { ...POWER, library: new Library() });
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
    expect(machine.values(INSTANT)).toEqual({ 0: 612.5, 1: 613.5 });
    expect(machine.poll('driver_info')).toEqual([
      'driver_info{vendor="amd",driver_version="6.10.5",library_version="7.2.0"} 1',
    ]);
  });

  test('a card that it does not have is read by its files', () => {
    const library = new Library();
    library.lacks = ['0000:05:00.0'];
    using machine = new Machine('mi300x', { ...POWER, library });
    expect(machine.values(AVERAGE)).toEqual({ 1: 1 });
    expect(machine.values(INSTANT)).toEqual({ 0: 612.5, 1: 613.5 });
  });

  test('it is opened again for a card that has come', () => {
    const library = new Library();
    using machine = new Machine('mi300x', { ...POWER, library });
    machine.poll();
    machine.rediscover();
    expect(library.opened).toBe(1);
    machine.remove('class/drm/card1');
    machine.rediscover();
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 1 });
    expect(library).toMatchObject({ opened: 2, closed: 1 });
  });
});

describe('a library that does not open', () => {
  test('is said once, and files are read in its place', () => {
    const library = new Library();
    library.fault = 'librocm_smi64 is too old';
    using machine = new Machine('mi300x', { ...POWER, library });
    expect(machine.values(INSTANT)).toEqual({ 0: 612.5, 1: 613.5 });
    machine.rediscover();
    machine.rediscover();
    expect(machine.complaints).toEqual(['librocm_smi64 is too old; sysfs is read instead']);
  });

  test('is tried again after a minute', () => {
    const library = new Library();
    library.fault = 'librocm_smi64 is busy';
    using machine = new Machine('mi300x', { ...POWER, library });
    machine.poll();
    library.fault = undefined;
    machine.rediscover();
    expect(machine.values(AVERAGE)).toEqual({});
    machine.rediscover(60);
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
  });

  test('is tried ever later', () => {
    const library = new Library();
    library.fault = 'librocm_smi64 is busy';
    using machine = new Machine('mi300x', { ...POWER, library, libraryOnly: true });
    machine.poll();
    machine.rediscover(60);
    library.fault = undefined;
    machine.rediscover(60);
    expect(machine.report).toEqual({ status: 'failed', error: 'librocm_smi64 is busy' });
    machine.rediscover(60);
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
  });

  test('is a failure where it was asked for by name', () => {
    const library = new Library();
    library.fault = 'librocm_smi64 is too old';
    using machine = new Machine('mi300x', { ...POWER, library, libraryOnly: true });
    expect(machine.poll()).toEqual([]);
    expect(machine.report).toEqual({ status: 'failed', error: 'librocm_smi64 is too old' });
  });
});

describe('a library that hung or crashed a former probe', () => {
  test('is left alone, and files are read in its place, until it may be tried again', () => {
    const library = new Library();
    const refused = new Set(['librocm_smi64']);
    using machine = new Machine('mi300x', { ...POWER, library, guard: refusing(refused) });
    expect(machine.values(INSTANT)).toEqual({ 0: 612.5, 1: 613.5 });
    expect(library.opened).toBe(0);
    expect(machine.complaints[0]).toContain('hung or crashed a former probe');
    refused.clear();
    machine.rediscover();
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
  });

  test('at one card is left alone there, and nowhere else', () => {
    const refused = new Set(['librocm_smi64 at 0000:05:00.0']);
    const guard = refusing(refused);
    using machine = new Machine('mi300x', { ...POWER, library: new Library(), guard });
    expect(machine.values(AVERAGE)).toEqual({ 1: 1 });
    expect(machine.values(INSTANT)).toEqual({ 0: 612.5, 1: 613.5 });
    refused.clear();
    machine.rediscover();
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
  });
  test('is a failure where it was asked for by name, at one card too', () => {
    const refused = new Set(['librocm_smi64 at 0000:05:00.0']);
    const guard = refusing(refused);
    const given = { ...POWER, library: new Library(), libraryOnly: true, guard };
    using machine = new Machine('mi300x', given);
    expect(machine.poll()).toEqual([]);
    const error =
      'librocm_smi64 at 0000:05:00.0 hung or crashed a former probe and is left alone for a while';
    expect(machine.report).toEqual({ status: 'failed', error });
    refused.clear();
    machine.rediscover();
    expect(machine.values(AVERAGE)).toEqual({ 0: 1, 1: 1 });
  });
});

test('a library that was asked for by name tells of no card that it does not have', () => {
  const library = new Library();
  library.lacks = ['0000:05:00.0'];
  using machine = new Machine('mi300x', { ...POWER, library, libraryOnly: true });
  expect(machine.values(AVERAGE)).toEqual({ 1: 1 });
  expect(machine.values(INSTANT)).toEqual({ 1: 613.5 });
});
