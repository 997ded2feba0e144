import { expect, test } from 'bun:test';
import { childEnvironment, mainThreadEnded, PROBE_ENVIRONMENT, within } from './process.ts';

test('childEnvironment() hands on neither the runtime’s switches nor what systemd means for the parent', () => {
  const env = childEnvironment(
    {
      PATH: '/bin',
      LD_LIBRARY_PATH: '/opt/rocm/lib',
      BUN_OPTIONS: '--preload x',
      BUN_INSPECT: '1',
      BUN_BE_BUN: '1',
      BUN_JSC_logGC: '1',
      NODE_OPTIONS: '--x',
      NOTIFY_SOCKET: '/run/systemd/notify',
      WATCHDOG_USEC: '1',
      LISTEN_FDS: '1',
    },
    { BUN_JSC_useJIT: '1' },
  );
  expect(env).toEqual({
    PATH: '/bin',
    LD_LIBRARY_PATH: '/opt/rocm/lib',
    BUN_ENABLE_CRASH_REPORTING: '0',
    ...PROBE_ENVIRONMENT,
    BUN_JSC_useJIT: '1',
  });
});

test('within() tells a promise that is fulfilled from one that is not', async () => {
  expect(await within(Promise.resolve(), 10_000)).toBe(true);
  expect(await within(new Promise(() => {}), 1)).toBe(false);
});

test('mainThreadEnded() is false for a process that lives and for one that is not there', () => {
  expect(mainThreadEnded(process.pid)).toBe(false);
  expect(mainThreadEnded(Bun.spawnSync(['true']).pid)).toBe(false);
});
