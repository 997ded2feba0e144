import { describe, expect, test } from 'bun:test';
import { type Clock, Watchdog, watchdogInterval } from './watchdog.ts';

describe('watchdogInterval()', () => {
  test('is what systemd says, in milliseconds', () => {
    expect(watchdogInterval({ WATCHDOG_USEC: '30000000' }, 7)).toBe(30_000);
    expect(watchdogInterval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 7)).toBe(30_000);
  });

  test.each([
    [{}],
    [{ WATCHDOG_USEC: '' }],
    [{ WATCHDOG_USEC: '0' }],
    [{ WATCHDOG_USEC: '-5' }],
    [{ WATCHDOG_USEC: 'soon' }],
    [{ WATCHDOG_USEC: '18446744073709551615' }],
    [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }],
  ])('is none for %j', (env) => {
    expect(watchdogInterval(env, 7)).toBeUndefined();
  });
});

describe('Watchdog', () => {
  /** One that has 30 s, with a clock that should go every second; `now` and `at` are in milliseconds. */
  function watched() {
    const world = { now: 0, at: 0, pings: 0, broken: '', stalls: [] as string[] };
    const dog = new Watchdog({
      interval: 30_000,
      clocks: (): Clock[] => [{ name: 'sensors', every: 1000, at: world.at }],
      sample: () => {
        if (world.broken !== '') throw new Error(world.broken);
      },
      ping: () => {
        world.pings++;
      },
      stalled: (what) => world.stalls.push(what),
      now: () => world.now,
    });
    return { world, dog };
  }

  test('pings while its clocks go, at half of the time it has', () => {
    const { world, dog } = watched();
    for (const now of [15_000, 30_000, 45_000]) {
      Object.assign(world, { now, at: now - 900 });
      expect(dog.look()).toBe(15_000);
    }
    expect(world).toMatchObject({ pings: 3, stalls: [] });
  });

  test('does not ping while a clock stands, says so once, and looks more often until it goes again', () => {
    const { world, dog } = watched();
    Object.assign(world, { now: 16_001, at: 0 });
    expect(dog.look()).toBe(1875);
    Object.assign(world, { now: 18_000 });
    expect(dog.look()).toBe(1875);
    expect(world).toMatchObject({ pings: 0, stalls: ['sensors'] });
    Object.assign(world, { now: 19_000, at: 18_500 });
    expect(dog.look()).toBe(15_000);
    expect(world.pings).toBe(1);
    Object.assign(world, { now: 60_000 });
    dog.look();
    expect(world).toMatchObject({ pings: 1, stalls: ['sensors', 'sensors'] });
  });

  test('does not ping when nothing can be sampled', () => {
    const { world, dog } = watched();
    Object.assign(world, { now: 1000, at: 1000, broken: 'no board' });
    dog.look();
    expect(world).toMatchObject({ pings: 0, stalls: ['no board'] });
  });

  test('is not put off by being started again', async () => {
    const pinged = Promise.withResolvers<void>();
    const ping = () => pinged.resolve();
    const dog = new Watchdog({
      interval: 200,
      clocks: () => [],
      sample: () => {},
      ping,
      stalled: () => {},
    });
    const again = setInterval(() => dog.start(), 5);
    await pinged.promise;
    clearInterval(again);
    dog.stop();
  });

  test('runs by itself once started, until it is stopped', async () => {
    const pinged = Promise.withResolvers<void>();
    let pings = 0;
    const dog = new Watchdog({
      interval: 20,
      clocks: () => [],
      sample: () => {},
      ping: () => {
        if (++pings === 3) pinged.resolve();
      },
      stalled: () => {},
    });
    dog.start();
    await pinged.promise;
    dog.stop();
    const before = pings;
    await Bun.sleep(50);
    expect(pings).toBe(before);
  });
});
