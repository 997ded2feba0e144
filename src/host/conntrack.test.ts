import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { conntrack } from './conntrack.ts';
import { Files } from './files.fixture.ts';

const COLUMNS =
  'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart';
const row = (first: number): string =>
  Array.from({ length: 17 }, (_, i) => (first + i).toString(16).padStart(8, '0')).join(' ');

const machine = (stat?: string): Files =>
  new Files({
    'proc/sys/net/netfilter/nf_conntrack_count': '312\n',
    'proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
    ...(stat === undefined ? {} : { 'proc/net/stat/nf_conntrack': stat }),
  });
const exposed = (files: Files): Exposed => new Exposed(conntrack(files.paths));
const ENTRIES = ['node_nf_conntrack_entries 312', 'node_nf_conntrack_entries_limit 262144'];

test('conntrack() adds up the hexadecimal columns of all CPUs', () => {
  using files = machine(`${COLUMNS}\n${row(0)}\n${row(0xfffffff0 - 16)}\n${row(160)}\n`);
  const sum = (column: number): number => column * 3 + (0xfffffff0 - 16) + 160;
  expect(exposed(files).sample('node')).toEqual([
    ...ENTRIES,
    `node_nf_conntrack_stat_drop ${sum(10)}`,
    `node_nf_conntrack_stat_early_drop ${sum(11)}`,
    `node_nf_conntrack_stat_found ${sum(2)}`,
    `node_nf_conntrack_stat_ignore ${sum(5)}`,
    `node_nf_conntrack_stat_insert ${sum(8)}`,
    `node_nf_conntrack_stat_insert_failed ${sum(9)}`,
    `node_nf_conntrack_stat_invalid ${sum(4)}`,
    `node_nf_conntrack_stat_search_restart ${sum(16)}`,
  ]);
});

test('conntrack() shows entries and limit natively', () => {
  using files = machine();
  expect(exposed(files).sample('native')).toEqual([
    'network_conntrack_entries 312',
    'network_conntrack_entries_limit 262144',
  ]);
});

test('conntrack() goes by the names of the columns', () => {
  using files = machine('entries  drop constructor found\n00000001 0000000a 00000002 FFFFFFFF\n');
  expect(exposed(files).sample('node')).toEqual([
    ...ENTRIES,
    'node_nf_conntrack_stat_drop 10',
    'node_nf_conntrack_stat_found 4294967295',
  ]);
});

test('conntrack() does not know the sum of a column that a CPU lacks', () => {
  using files = machine('drop found\n0000000a 00000001\n0000000b\n');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([...ENTRIES, 'node_nf_conntrack_stat_drop 21']);
  files.write('proc/net/stat/nf_conntrack', 'drop found\n0000000a 00000001\n');
  expect(shown.sample('node', 'node_nf_conntrack_stat')).toEqual([
    'node_nf_conntrack_stat_drop 10',
    'node_nf_conntrack_stat_found 1',
  ]);
  files.write('proc/net/stat/nf_conntrack', 'drop found\n0000000a 00000001\n0000000b 0000');
  expect(shown.sample('node')).toEqual(ENTRIES);
  files.write('proc/net/stat/nf_conntrack', '');
  expect(shown.sample('node')).toEqual(ENTRIES);
});

test('conntrack() has entries and limit where the kernel has no table, or an empty one', () => {
  using files = machine();
  expect(exposed(files).sample('node')).toEqual(ENTRIES);
  files.write('proc/net/stat/nf_conntrack', '');
  expect(exposed(files).sample('node')).toEqual(ENTRIES);
  files.write('proc/net/stat/nf_conntrack', `${COLUMNS}\n`);
  expect(exposed(files).sample('node')).toEqual(ENTRIES);
});

test('conntrack() says nothing where the module is not loaded, and is no failure', () => {
  using files = new Files();
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
  expect(shown.complaints).toEqual([]);
});

test('conntrack() is absent as a whole when its table vanishes', () => {
  using files = machine(`${COLUMNS}\n${row(0)}\n`);
  const source = conntrack(files.paths);
  const shown = new Exposed(source);
  source.close();
  files.remove('proc/net');
  expect(shown.sample('node')).toEqual([]);
  expect(shown.complaints).toHaveLength(1);
});

test('conntrack() adds up 4,096 CPUs', () => {
  using files = machine(`${COLUMNS}\n${`${row(1)}\n`.repeat(4096)}`);
  expect(exposed(files).sample('node', 'node_nf_conntrack_stat_found')).toEqual([
    `node_nf_conntrack_stat_found ${3 * 4096}`,
  ]);
});
