import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { attributes } from '../../test/trees/tree.ts';
import { UNGUARDED } from './guard.ts';
import { OnDisk } from './tree.fixture.ts';
import { watchdog } from './watchdog.ts';

const DOG = 'sys/class/watchdog/watchdog0';
const built = (values: Record<string, string | number>): OnDisk =>
  OnDisk.built((tree) => attributes(tree, DOG, values));

test('watchdog() reads numbers and texts, and passes over other files', () => {
  using disk = built({
    bootstatus: 32,
    fw_version: 2,
    identity: 'Software Watchdog',
    min_timeout: 1,
    nowayout: 0,
    options: '0x8380',
    pretimeout: 120,
    pretimeout_governor: 'noop',
    state: 'active',
    status: '0x8000',
    timeleft: 300,
    timeout: 60,
  });
  expect(new Exposed(watchdog(disk.paths, UNGUARDED)).sample()).toEqual([
    'node_watchdog_bootstatus{name="watchdog0"} 32',
    'node_watchdog_fw_version{name="watchdog0"} 2',
    'node_watchdog_info{identity="Software Watchdog",name="watchdog0",options="0x8380",pretimeout_governor="noop",state="active",status="0x8000"} 1',
    'node_watchdog_nowayout{name="watchdog0"} 0',
    'node_watchdog_pretimeout_seconds{name="watchdog0"} 120',
    'node_watchdog_timeleft_seconds{name="watchdog0"} 300',
    'node_watchdog_timeout_seconds{name="watchdog0"} 60',
  ]);
});

test('watchdog() has an empty label for what is not there, and follows its state', () => {
  using disk = built({ state: 'inactive' });
  const exposed = new Exposed(watchdog(disk.paths, UNGUARDED));
  const line = (state: string): string =>
    `node_watchdog_info{identity="",name="watchdog0",options="",pretimeout_governor="",state="${state}",status=""} 1`;
  expect(exposed.sample()).toEqual([line('inactive')]);
  disk.write(`${DOG}/state`, 'active\n');
  expect(exposed.sample()).toEqual([line('active')]);
});

test('watchdog() leaves out a number that cannot be read', () => {
  using disk = built({ timeleft: 5, timeout: 60 });
  disk.breakFile(`${DOG}/timeleft`);
  expect(new Exposed(watchdog(disk.paths, UNGUARDED)).sample('node', 'node_watchdog_time')).toEqual(
    ['node_watchdog_timeout_seconds{name="watchdog0"} 60'],
  );
});

test('watchdog() is without data where there is no such class', () => {
  using disk = new OnDisk(new Map([['sys/none', '']]));
  const exposed = new Exposed(watchdog(disk.paths, UNGUARDED));
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});
