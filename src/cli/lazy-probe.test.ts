import { expect, test } from 'bun:test';
import { LazyProbe, type Probe } from './lazy-probe.ts';

const absent = [
  {
    name: 'nvidia',
    collectors: ['gpu'],
    status: 'absent',
    error: 'nothing',
    durationSeconds: 0,
    lastSuccess: undefined,
  },
] as const;

/** A probe that writes down what is done with it. */
function stage(present: () => boolean, look = 60_000) {
  const done: string[] = [];
  const note = (what: string) => (): void => void done.push(what);
  const probe: Probe = {
    kind: 'nvidia',
    start: note('start'),
    ready: false,
    clock: { name: 'nvidia', every: 1000, at: 5 },
    touch: note('touch'),
    poll: note('poll'),
    sample: note('sample'),
    status: () => ({ kind: 'nvidia', state: 'running' }) as ReturnType<Probe['status']>,
    stop: async () => note('stop')(),
  };
  let made = 0;
  const make = (): Probe => {
    made++;
    return probe;
  };
  const lazy = new LazyProbe({ kind: 'nvidia', present, make, absent, look });
  return { lazy, done, made: () => made };
}

test('a probe with nothing to look at is not made, is ready, and says what is absent', async () => {
  const { lazy, made } = stage(() => false);
  lazy.start();
  lazy.touch();
  lazy.poll();
  lazy.sample();
  expect(made()).toBe(0);
  expect(lazy.ready).toBe(true);
  expect(lazy.status()).toMatchObject({ kind: 'nvidia', state: 'stopped', sources: absent });
  expect(lazy.status().since).toBeUndefined();
  await lazy.stop();
});

test('a probe with something to look at is made at the start, and all is passed on', async () => {
  const { lazy, done, made } = stage(() => true);
  lazy.start();
  expect(made()).toBe(1);
  expect(lazy.ready).toBe(false);
  lazy.touch();
  lazy.sample();
  lazy.poll();
  expect(lazy.status().state).toBe('running');
  await lazy.stop();
  expect(done).toEqual(['start', 'touch', 'sample', 'poll', 'stop']);
});

test('what appears later is found, and the probe knows that somebody reads', async () => {
  let there = false;
  const { lazy, done } = stage(() => there, 1);
  lazy.start();
  lazy.touch();
  there = true;
  while (done.length === 0) await Bun.sleep(1);
  expect(done).toEqual(['start', 'touch']);
  await lazy.stop();
});

test('a probe that is stopped looks no more', async () => {
  let looks = 0;
  const { lazy } = stage(() => ++looks < 0, 1);
  lazy.start();
  while (looks < 3) await Bun.sleep(1);
  await lazy.stop();
  const before = looks;
  await Bun.sleep(20);
  expect(looks).toBe(before);
});

test('has no clock that must go before there is a probe, and then that of the probe', () => {
  let there = false;
  const { lazy } = stage(() => there);
  lazy.start();
  expect(lazy.clock).toBeUndefined();
  there = true;
  lazy.start();
  expect(lazy.clock).toEqual({ name: 'nvidia', every: 1000, at: 5 });
});
