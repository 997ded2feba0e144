import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { pageSize } from './page-size.ts';
import { sockstat } from './sockstat.ts';

const V4 = [
  'sockets: used 17',
  'TCP: inuse 1 orphan 2 tw 3 alloc 4 mem 369',
  'UDP: inuse 5 mem 6',
  'FRAG: inuse 7 memory 8',
];
const V6 = ['TCP6: inuse 9', 'FRAG6: inuse 10 memory 11'];
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const exposed = (files: Files): Exposed => new Exposed(sockstat(files.paths));

test('sockstat() reads both files, and memory in pages and in bytes', () => {
  using files = new Files({ 'proc/net/sockstat': text(V4), 'proc/net/sockstat6': text(V6) });
  expect(exposed(files).sample('node')).toEqual([
    'node_sockstat_FRAG6_inuse 10',
    'node_sockstat_FRAG6_memory 11',
    'node_sockstat_FRAG_inuse 7',
    'node_sockstat_FRAG_memory 8',
    'node_sockstat_TCP6_inuse 9',
    'node_sockstat_TCP_alloc 4',
    'node_sockstat_TCP_inuse 1',
    'node_sockstat_TCP_mem 369',
    `node_sockstat_TCP_mem_bytes ${369 * pageSize()}`,
    'node_sockstat_TCP_orphan 2',
    'node_sockstat_TCP_tw 3',
    'node_sockstat_UDP_inuse 5',
    'node_sockstat_UDP_mem 6',
    `node_sockstat_UDP_mem_bytes ${6 * pageSize()}`,
    'node_sockstat_sockets_used 17',
  ]);
});

test('sockstat() does without sockstat6 when IPv6 is off', () => {
  using files = new Files({ 'proc/net/sockstat': text(V4) });
  expect(exposed(files).sample('node')).toHaveLength(12);
});

test('sockstat() reads a protocol of a later kernel and passes over words that have no name', () => {
  using files = new Files({
    'proc/net/sockstat': 'MPTCP: inuse 3 constructor 4 mem 18446744073709551615\nB\u00e9: tw 1\n',
  });
  expect(exposed(files).sample('node')).toEqual([
    'node_sockstat_B__tw 1',
    'node_sockstat_MPTCP_inuse 3',
    'node_sockstat_MPTCP_mem 18446744073709552000',
    `node_sockstat_MPTCP_mem_bytes ${Number(2n ** 64n * BigInt(pageSize()))}`,
  ]);
});

test('sockstat() leaves out a value that is missing, in pages and in bytes, and recovers', () => {
  using files = new Files({ 'proc/net/sockstat': text(V4) });
  const shown = exposed(files);
  const whole = shown.sample('node');
  files.write('proc/net/sockstat', 'TCP: inuse 1 mem\n');
  expect(shown.sample('node')).toEqual(['node_sockstat_TCP_inuse 1']);
  files.write('proc/net/sockstat', text(V4));
  expect(shown.sample('node')).toEqual(whole);
  expect(shown.complaints).toEqual([]);
});

test('sockstat() says nothing of an empty file, nor without one', () => {
  using files = new Files({ 'proc/net/sockstat': '' });
  expect(exposed(files).sample('node')).toEqual([]);
  files.remove('proc/net/sockstat');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
});

test('sockstat() says of the fixture machines what their files say', () => {
  for (const name of ['vm', 'h100', 'spark'] as const) {
    using files = Files.machine(name, 'proc/net', 'proc/self', 'proc/1/net');
    const said: string[] = [];
    for (const file of ['sockstat', 'sockstat6']) {
      const path = join(files.paths.procfs, 'net', file);
      if (!existsSync(path)) continue;
      for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
        const [protocol, pairs = ''] = line.split(': ');
        for (const [, key, value] of pairs.matchAll(/(\w+) (\d+)/g)) {
          said.push(`node_sockstat_${protocol}_${key} ${value}`);
        }
      }
    }
    const lines = exposed(files).sample('node');
    expect(lines.filter((line) => !line.includes('mem_bytes')).sort()).toEqual(said.sort());
    expect(lines.length - said.length).toBe(2);
  }
});
