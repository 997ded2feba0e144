import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { meminfo } from './meminfo.ts';

const TEXT = [
  'MemTotal:       24684096 kB',
  'MemFree:        23499184 kB',
  'MemAvailable:   24215704 kB',
  'Active(anon):       1568 kB',
  'SwapTotal:       2097148 kB',
  'SwapFree:        2097047 kB',
  'VmallocTotal:   34359738367 kB',
  'HugePages_Total:       7',
  'Hugepagesize:       2048 kB',
];
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

test('meminfo() names fields as node_exporter does, kB in bytes, counts as they are', () => {
  using files = new Files({ 'proc/meminfo': text(TEXT) });
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('node')).toEqual([
    'node_memory_Active_anon_bytes 1605632',
    'node_memory_HugePages_Total 7',
    'node_memory_Hugepagesize_bytes 2097152',
    'node_memory_MemAvailable_bytes 24796880896',
    'node_memory_MemFree_bytes 24063164416',
    'node_memory_MemTotal_bytes 25276514304',
    'node_memory_SwapFree_bytes 2147376128',
    'node_memory_SwapTotal_bytes 2147479552',
    'node_memory_VmallocTotal_bytes 35184372087808',
  ]);
  expect(exposed.text('node')).toContain('# TYPE node_memory_MemTotal_bytes gauge\n');
});

test('meminfo() computes what is used of memory and swap', () => {
  using files = new Files({ 'proc/meminfo': text(TEXT) });
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('native')).toEqual([
    'memory_available_bytes 24796880896',
    'memory_total_bytes 25276514304',
    'memory_used_bytes 479633408',
    'swap_total_bytes 2147479552',
    'swap_used_bytes 103424',
  ]);
});

test('meminfo() leaves out what is used when the kernel does not say what is available', () => {
  using files = new Files({
    'proc/meminfo': text(TEXT.filter((line) => !line.startsWith('MemAvailable'))),
  });
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('native', 'memory_')).toEqual(['memory_total_bytes 25276514304']);
});

test('meminfo() leaves out what is used when more is available than there is', () => {
  using files = new Files({
    'proc/meminfo': 'MemTotal: 100 kB\nMemAvailable: 101 kB\nSwapTotal: x kB\nSwapFree: 1 kB\n',
  });
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('native')).toEqual([
    'memory_available_bytes 103424',
    'memory_total_bytes 102400',
  ]);
});

test('meminfo() makes a signal of a field that only this kernel has', () => {
  using files = new Files({
    'proc/meminfo': 'NvMapMemUsed:  12 kB\nOdd(thing)-x: 3\nConstructor: 1\nconstructor: 4 kB\n',
  });
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('node')).toEqual([
    'node_memory_Constructor 1',
    'node_memory_NvMapMemUsed_bytes 12288',
    'node_memory_Odd_thing_x 3',
    'node_memory_constructor_bytes 4096',
  ]);
});

test('meminfo() leaves out lines that are cut short, and recovers', () => {
  using files = new Files({ 'proc/meminfo': text(TEXT) });
  const exposed = new Exposed(meminfo(files.paths));
  const whole = exposed.sample('node');
  files.write('proc/meminfo', `${text(TEXT.slice(0, 2))}MemAvailable:   `);
  expect(exposed.sample('node')).toEqual([
    'node_memory_MemFree_bytes 24063164416',
    'node_memory_MemTotal_bytes 25276514304',
  ]);
  files.write('proc/meminfo', text(TEXT.slice(0, 1)).slice(0, 5));
  expect(exposed.sample('node')).toEqual([]);
  files.write('proc/meminfo', text(TEXT));
  expect(exposed.sample('node')).toEqual(whole);
  expect(exposed.complaints).toEqual([]);
});

test('meminfo() keeps counters of 2^64 - 1', () => {
  using files = new Files({ 'proc/meminfo': 'HugePages_Free: 18446744073709551615\n' });
  expect(new Exposed(meminfo(files.paths)).sample('node')).toEqual([
    'node_memory_HugePages_Free 18446744073709552000',
  ]);
});

test('meminfo() says nothing of an empty file, nor without one', () => {
  using files = new Files({ 'proc/meminfo': '' });
  expect(new Exposed(meminfo(files.paths)).sample('node')).toEqual([]);
  files.remove('proc/meminfo');
  const exposed = new Exposed(meminfo(files.paths));
  expect(exposed.sample('node')).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
  expect(exposed.complaints).toEqual([]);
});

test('meminfo() shows the unified memory of a Spark', () => {
  using files = Files.machine('spark', 'proc/meminfo');
  const lines = new Exposed(meminfo(files.paths)).sample('native', 'memory_');
  const values = lines.map((line) => Number(line.split(' ')[1]));
  const [available = 0, total = 0, used] = values;
  expect(total).toBeGreaterThan(100 * 2 ** 30);
  expect(used).toBe(total - available);
});
