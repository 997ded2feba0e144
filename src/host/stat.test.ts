import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { stat } from './stat.ts';

const TAIL = [
  'intr 293087 0 0 17',
  'ctxt 591060',
  'btime 1795224736',
  'processes 9516',
  'procs_running 2',
  'procs_blocked 1',
  'softirq 160871 0 15365 5',
];
const text = (cpus: readonly string[], tail: readonly string[] = TAIL): string =>
  `${['cpu  5533 0 1108 174643 228 0 23 7 0 0', ...cpus, ...tail].join('\n')}\n`;
const CPU0 = 'cpu0 2803 1 389 87551 9 2 15 3 700 5';
const CPU1 = 'cpu1 2730 0 718 87092 219 0 8 4 0 0';

test('stat() reads the modes and guest times of a CPU in seconds', () => {
  using files = new Files({ 'proc/stat': text([CPU0]) });
  const exposed = new Exposed(stat(files.paths));
  expect(exposed.sample('node', 'node_cpu_')).toEqual([
    'node_cpu_guest_seconds_total{cpu="0",mode="user"} 7',
    'node_cpu_guest_seconds_total{cpu="0",mode="nice"} 0.05',
    'node_cpu_seconds_total{cpu="0",mode="user"} 28.03',
    'node_cpu_seconds_total{cpu="0",mode="nice"} 0.01',
    'node_cpu_seconds_total{cpu="0",mode="system"} 3.89',
    'node_cpu_seconds_total{cpu="0",mode="idle"} 875.51',
    'node_cpu_seconds_total{cpu="0",mode="iowait"} 0.09',
    'node_cpu_seconds_total{cpu="0",mode="irq"} 0.02',
    'node_cpu_seconds_total{cpu="0",mode="softirq"} 0.15',
    'node_cpu_seconds_total{cpu="0",mode="steal"} 0.03',
  ]);
});

test('stat() reads the counts of the machine, the native ones among them', () => {
  using files = new Files({ 'proc/stat': text([]) });
  const exposed = new Exposed(stat(files.paths));
  expect(exposed.sample('node')).toEqual([
    'node_boot_time_seconds 1795224736',
    'node_context_switches_total 591060',
    'node_forks_total 9516',
    'node_intr_total 293087',
    'node_procs_blocked 1',
    'node_procs_running 2',
  ]);
  expect(exposed.sample('native')).toEqual([
    'host_boot_time_seconds 1795224736',
    'host_context_switches_total 591060',
    'host_procs_blocked 1',
    'host_procs_running 2',
  ]);
});

test('stat() finds CPUs that come and drops those that go, without a complaint', () => {
  using files = new Files({ 'proc/stat': text([CPU0, CPU1]) });
  const exposed = new Exposed(stat(files.paths));
  const seen = (): string[] => [
    ...new Set(exposed.sample('node', 'node_cpu_sec').map((l) => /cpu="(\d+)"/.exec(l)?.[1] ?? '')),
  ];
  expect(seen()).toEqual(['0', '1']);
  files.write('proc/stat', text([CPU1]));
  expect(seen()).toEqual(['1']);
  files.write('proc/stat', text([CPU0, CPU1, CPU1.replace('cpu1', 'cpu17')]));
  expect(seen().sort()).toEqual(['0', '1', '17']);
  expect(exposed.complaints).toEqual([]);
});

test('stat() does not let a counter fall when the kernel takes idle time back', () => {
  using files = new Files({ 'proc/stat': text([CPU0]) });
  const exposed = new Exposed(stat(files.paths));
  const idle = (): string[] =>
    exposed.sample('node', 'node_cpu_seconds_total{cpu="0",mode="idle"}');
  const before = idle();
  files.write('proc/stat', text([CPU0.replace('87551', '87549')]));
  expect(idle()).toEqual(before);
  files.write('proc/stat', text([CPU0.replace('87551', '87251')]));
  expect(idle()).toEqual(['node_cpu_seconds_total{cpu="0",mode="idle"} 872.51']);
});

test('stat() shows cpu_usage_percent after two ticks, the same at every scrape until the next', () => {
  using files = new Files({ 'proc/stat': text([CPU0]) });
  const source = stat(files.paths);
  const exposed = new Exposed(source);
  const usage = (): string[] => exposed.sample('native', 'cpu_usage_percent');
  expect(usage()).toEqual([]);
  source.tick();
  expect(usage()).toEqual([]);
  files.write(
    'proc/stat',
    text([CPU0]).replace('cpu  5533 0 1108 174643', 'cpu  5633 0 1108 174943'),
  );
  source.tick();
  expect(usage()).toEqual(['cpu_usage_percent 25']);
  expect(usage()).toEqual(['cpu_usage_percent 25']);
});

test('stat() has no guest series on a kernel whose lines have no such columns', () => {
  using files = new Files({ 'proc/stat': text(['cpu0 1 2 3 4 5 6 7 8']) });
  const exposed = new Exposed(stat(files.paths));
  expect(exposed.sample('node', 'node_cpu_')).toHaveLength(8);
  expect(exposed.sample('node', 'node_cpu_guest')).toEqual([]);
});

test('stat() leaves out what is no number and keeps counters of 2^64 - 1', () => {
  const tail = ['intr 18446744073709551615 4', 'ctxt many', 'processes'];
  using files = new Files({ 'proc/stat': text(['cpu0 1 - 3'], tail) });
  const exposed = new Exposed(stat(files.paths));
  expect(exposed.sample('node')).toEqual([
    'node_cpu_seconds_total{cpu="0",mode="user"} 0.01',
    'node_cpu_seconds_total{cpu="0",mode="system"} 0.03',
    'node_intr_total 18446744073709552000',
  ]);
});

test('stat() leaves out a line that ends in the middle, and recovers', () => {
  using files = new Files({ 'proc/stat': text([CPU0]) });
  const exposed = new Exposed(stat(files.paths));
  const whole = exposed.sample();
  files.write('proc/stat', text([CPU0]).slice(0, 60));
  const cut = exposed.sample();
  expect(cut.length).toBeLessThan(whole.length);
  files.write('proc/stat', text([CPU0]));
  expect(exposed.sample()).toEqual(whole);
});

test('stat() says nothing of an empty file', () => {
  using files = new Files({ 'proc/stat': '' });
  expect(new Exposed(stat(files.paths)).sample('node')).toEqual([]);
});

test('stat() says nothing without the file, and is no failure', () => {
  using files = new Files();
  const exposed = new Exposed(stat(files.paths));
  expect(exposed.sample('node')).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
  expect(exposed.complaints).toEqual([]);
});

test('stat() reads 4,096 CPUs and an interrupt line of 10,000 columns', () => {
  const cpus = Array.from({ length: 4096 }, (_, i) => CPU0.replace('cpu0', `cpu${i}`));
  const tail = [`intr 293087${' 0'.repeat(10_000)}`, ...TAIL.slice(1)];
  using files = new Files({ 'proc/stat': text(cpus, tail) });
  const exposed = new Exposed(stat(files.paths));
  const lines = exposed.sample('node');
  expect(lines).toHaveLength(4096 * 10 + 6);
  expect(lines).toContain('node_cpu_seconds_total{cpu="4095",mode="idle"} 875.51');
});

test('stat() reads the fixture machines', () => {
  for (const [name, cpus] of [
    ['vm', 2],
    ['h100', 31],
    ['spark', 20],
  ] as const) {
    using files = Files.machine(name, 'proc/stat');
    const lines = new Exposed(stat(files.paths)).sample('node', 'node_cpu_seconds_total');
    expect([name, lines.length]).toEqual([name, cpus * 8]);
  }
});
