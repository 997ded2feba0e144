import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { schedstat } from './schedstat.ts';

const FILE = 'proc/schedstat';
const CPU0 = 'cpu0 0 0 0 0 0 0 2045936778163039 343796328169361 4767485306';
const CPU1 = 'cpu1 0 0 0 0 0 0 1904686152592476 364107263788241 5145567945';
const DOMAIN = 'domain0 MC 3 212048 210698 1335 0 0 15 0 210698 61 53 8 0 0 0 0 53';

test('schedstat() reads the last three columns of a CPU in seconds and slices', () => {
  using files = new Files({ [FILE]: `version 16\ntimestamp 15819019232\n${CPU0}\n${DOMAIN}\n` });
  expect(new Exposed(schedstat(files.paths)).sample()).toEqual([
    'node_schedstat_running_seconds_total{cpu="0"} 2045936.778163039',
    'node_schedstat_timeslices_total{cpu="0"} 4767485306',
    'node_schedstat_waiting_seconds_total{cpu="0"} 343796.328169361',
  ]);
});

test('schedstat() follows CPUs and domains that come and go', () => {
  using files = new Files({ [FILE]: `version 16\n${CPU0}\n${DOMAIN}\n${CPU1}\n${DOMAIN}\n` });
  const exposed = new Exposed(schedstat(files.paths));
  const cpus = (): string[] => exposed.sample('node', 'node_schedstat_timeslices');
  expect(cpus()).toHaveLength(2);
  files.write(FILE, `version 16\n${CPU1}\n`);
  expect(cpus()).toEqual(['node_schedstat_timeslices_total{cpu="1"} 5145567945']);
  files.write(FILE, `version 16\n${CPU0}\n${CPU1}\n${DOMAIN}\n`);
  expect(cpus()).toHaveLength(2);
});

test('schedstat() leaves out what is cut short, no number, or all of an empty file', () => {
  using files = new Files({ [FILE]: 'version 16\ncpu0 0 0 0 0 0 0 5000000000 x\n' });
  expect(new Exposed(schedstat(files.paths)).sample()).toEqual([
    'node_schedstat_running_seconds_total{cpu="0"} 5',
  ]);
  using empty = new Files({ [FILE]: '' });
  expect(new Exposed(schedstat(empty.paths)).sample()).toEqual([]);
});

test('schedstat() has nothing to say on a kernel that keeps no such statistics', () => {
  using files = new Files();
  const exposed = new Exposed(schedstat(files.paths));
  expect(exposed.sample()).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});

test('schedstat() reads 10,000 lines', () => {
  const cpus = Array.from(
    { length: 5000 },
    (_, i) => `${CPU0.replace('cpu0', `cpu${i}`)}\n${DOMAIN}\n`,
  );
  using files = new Files({ [FILE]: `version 16\n${cpus.join('')}` });
  expect(new Exposed(schedstat(files.paths)).sample()).toHaveLength(15_000);
});

test('schedstat() reads every CPU of a fixture machine', () => {
  using files = Files.machine('spark', FILE);
  expect(new Exposed(schedstat(files.paths)).sample()).toHaveLength(60);
});
