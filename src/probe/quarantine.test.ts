import { expect, test } from 'bun:test';
import { Quarantine } from './quarantine.ts';

const MINUTE = 60_000;
const devices = (q: Quarantine, now: number): string[] => q.skipped(now).map((s) => s.device);

test('a device is left out for a minute, then for twice as long each time, and for an hour at most', () => {
  const quarantine = new Quarantine();
  let now = 0;
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    quarantine.hung('/sys/x', now);
    const [skipped] = quarantine.skipped(now);
    times.push((skipped?.retryIn ?? 0) / MINUTE);
    now += skipped?.retryIn ?? 0;
    expect(devices(quarantine, now - 1)).toEqual(['/sys/x']);
    expect(devices(quarantine, now)).toEqual([]);
  }
  expect(times).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
});

test('a device that was well for more than an hour is left out for a minute again', () => {
  const quarantine = new Quarantine();
  quarantine.hung('/sys/x', 0);
  quarantine.hung('/sys/x', MINUTE);
  quarantine.hung('/sys/x', 3 * MINUTE + 61 * MINUTE);
  expect(quarantine.skipped(64 * MINUTE)).toEqual([{ device: '/sys/x', retryIn: MINUTE }]);
});

test('a device is left out for as long as a process is stuck at it, whatever its time', async () => {
  const quarantine = new Quarantine();
  const { promise, resolve } = Promise.withResolvers<void>();
  quarantine.hung('/sys/x', 0);
  quarantine.hold({ pid: 1, device: '/sys/x', helper: false, since: 0 }, promise);
  expect(quarantine.skipped(100 * MINUTE)).toEqual([{ device: '/sys/x', retryIn: undefined }]);
  resolve();
  await promise;
  expect(devices(quarantine, 100 * MINUTE)).toEqual([]);
});

test('a child may start beside stuck ones only while there are fewer than three and what holds them is known', async () => {
  const never = new Promise<void>(() => {});
  const stuck = { helper: false, since: 0 };
  const known = new Quarantine();
  expect(known.mayStart).toBe(true);
  known.hold({ ...stuck, pid: 1, device: '/sys/a' }, never);
  known.hold({ pid: 2, device: undefined, helper: true, since: 0 }, never);
  expect(known.mayStart).toBe(true);
  const { promise, resolve } = Promise.withResolvers<void>();
  known.hold({ ...stuck, pid: 3, device: '/sys/c' }, promise);
  expect(known.mayStart).toBe(false);
  resolve();
  await promise;
  expect(known.mayStart).toBe(true);

  const unknown = new Quarantine();
  unknown.hold({ ...stuck, pid: 1, device: undefined }, never);
  expect(unknown.mayStart).toBe(false);
});

test('with replaceStuck false no child may start beside a stuck one, whatever holds it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const quarantine = new Quarantine({ replaceStuck: false });
  expect(quarantine.mayStart).toBe(true);
  quarantine.hold({ pid: 1, device: 'GPU-1', helper: false, since: 0 }, promise);
  expect(quarantine.mayStart).toBe(false);
  resolve();
  await promise;
  expect(quarantine.mayStart).toBe(true);
});

test('how long a device is left out can be said', () => {
  const quarantine = new Quarantine({ leftOut: { first: 5000, last: 8000 } });
  quarantine.hung('GPU-1', 0);
  expect(quarantine.skipped(0)).toEqual([{ device: 'GPU-1', retryIn: 5000 }]);
  quarantine.hung('GPU-1', 5000);
  expect(quarantine.skipped(5000)).toEqual([{ device: 'GPU-1', retryIn: 8000 }]);
});

test('a device that is tried again soon has less time, and more of it the longer it was left out', () => {
  const quarantine = new Quarantine({ leftOut: { first: 2500, last: 600_000 } });
  const deadline = 5000;
  const patience = (now: number, device = 'GPU-1') => quarantine.patience(device, now, deadline);
  expect(patience(0)).toBe(deadline);
  const given: number[] = [];
  for (let now = 0, i = 0; i < 4; i++) {
    quarantine.hung('GPU-1', now);
    now += quarantine.skipped(now)[0]?.retryIn ?? Number.NaN;
    given.push(Math.round(patience(now)));
    // Of another device, without one, and long after.
    expect([patience(now, 'GPU-2'), patience(now + 20_000)]).toEqual([deadline, deadline]);
    expect(quarantine.patience(undefined, now, deadline)).toBe(deadline);
  }
  expect(given).toEqual([1000, 1667, 3333, 5000]);
  expect(new Quarantine().patience('/sys/x', 0, 100)).toBe(100);
});

test('a device that is known to be slow has three deadlines, also when it hung before', () => {
  const quarantine = new Quarantine({ leftOut: { first: 2500, last: 5000 }, slow: ['driver'] });
  expect(quarantine.patience('driver', 0, 5000)).toBe(15_000);
  quarantine.hung('driver', 0);
  expect(quarantine.patience('driver', 2500, 5000)).toBe(15_000);
  expect(quarantine.patience('GPU-1', 2500, 5000)).toBe(5000);
});

test('a crash counts where it is said so, and where the process itself is to blame', () => {
  const quarantine = new Quarantine({ crashes: true });
  quarantine.crashed('lib', 'SIGKILL', 0);
  quarantine.crashed('lib', 'SIGTERM', 0);
  expect(devices(quarantine, 0)).toEqual([]);
  quarantine.crashed('lib', 'SIGABRT', 0);
  quarantine.crashed('other', 'SIGSEGV', 0);
  expect(devices(quarantine, 0)).toEqual(['lib', 'other']);
  const careless = new Quarantine();
  careless.crashed('lib', 'SIGSEGV', 0);
  expect(devices(careless, 0)).toEqual([]);
});
