import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { loadavg } from './loadavg.ts';

const FILE = 'proc/loadavg';

test('loadavg() reads the three averages under both names', () => {
  using files = new Files({ [FILE]: '0.20 0.18 12.05 1/80 11206\n' });
  const exposed = new Exposed(loadavg(files.paths));
  expect(exposed.sample('node')).toEqual([
    'node_load1 0.2',
    'node_load15 12.05',
    'node_load5 0.18',
  ]);
  expect(exposed.sample('native')).toEqual([
    'host_load1 0.2',
    'host_load15 12.05',
    'host_load5 0.18',
  ]);
});

test('loadavg() reads the file anew at every sample', () => {
  using files = new Files({ [FILE]: '0.20 0.18 0.12 1/80 11206\n' });
  const exposed = new Exposed(loadavg(files.paths));
  expect(exposed.sample('node', 'node_load1 ')).toEqual(['node_load1 0.2']);
  files.write(FILE, '1500.75 0.18 0.12 1/80 11206\n');
  expect(exposed.sample('node', 'node_load1 ')).toEqual(['node_load1 1500.75']);
});

test('loadavg() leaves out what is missing or no number', () => {
  using files = new Files({ [FILE]: '0.20 high\n' });
  expect(new Exposed(loadavg(files.paths)).sample()).toEqual(['node_load1 0.2']);
  using empty = new Files({ [FILE]: '' });
  expect(new Exposed(loadavg(empty.paths)).sample()).toEqual([]);
  using none = new Files();
  expect(new Exposed(loadavg(none.paths)).sample()).toEqual([]);
});

test('loadavg() reads a fixture machine', () => {
  using files = Files.machine('vm', FILE);
  expect(new Exposed(loadavg(files.paths)).sample()).toEqual([
    'node_load1 0.42',
    'node_load15 0.29',
    'node_load5 0.37',
  ]);
});
