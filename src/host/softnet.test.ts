import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { softnet } from './softnet.ts';

const FILE = 'proc/net/softnet_stat';
/** A line of these columns, padded with zeros between the third and the ninth. */
const line = (...columns: readonly number[]): string =>
  columns.map((n) => n.toString(16).padStart(8, '0')).join(' ');
const sampled = (text: string): string[] => {
  using files = new Files({ [FILE]: text });
  return new Exposed(softnet(files.paths)).sample();
};

test('softnet() reads all columns of today, with the CPU from the index column', () => {
  const lines = sampled(`${line(0x2565, 1, 2, 0, 0, 0, 0, 0, 3, 4, 5, 6, 0x1f, 0, 0)}\n`);
  expect(lines).toEqual([
    'node_softnet_backlog_len{cpu="31"} 6',
    'node_softnet_cpu_collision_total{cpu="31"} 3',
    'node_softnet_dropped_total{cpu="31"} 1',
    'node_softnet_flow_limit_count_total{cpu="31"} 5',
    'node_softnet_processed_total{cpu="31"} 9573',
    'node_softnet_received_rps_total{cpu="31"} 4',
    'node_softnet_times_squeezed_total{cpu="31"} 2',
  ]);
});

test('softnet() numbers the CPUs by line where there is no index, and has no backlog there', () => {
  const lines = sampled(
    `${line(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)}\n${line(8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)}\n`,
  );
  expect(lines).toContain('node_softnet_processed_total{cpu="0"} 7');
  expect(lines).toContain('node_softnet_processed_total{cpu="1"} 8');
  expect(lines).toHaveLength(12);
  expect(lines.join()).not.toContain('backlog');
});

test('softnet() reads the nine columns of old kernels', () => {
  expect(sampled(`${line(7, 1, 2, 0, 0, 0, 0, 0, 3)}\n`)).toEqual([
    'node_softnet_cpu_collision_total{cpu="0"} 3',
    'node_softnet_dropped_total{cpu="0"} 1',
    'node_softnet_processed_total{cpu="0"} 7',
    'node_softnet_times_squeezed_total{cpu="0"} 2',
  ]);
});

test('softnet() gives a line to the CPU that it names after one has gone offline', () => {
  const of = (cpu: number): string => `${line(cpu + 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, cpu)}\n`;
  using files = new Files({ [FILE]: of(0) + of(1) + of(2) });
  const exposed = new Exposed(softnet(files.paths));
  expect(exposed.sample('node', 'node_softnet_processed')).toHaveLength(3);
  files.write(FILE, of(0) + of(2));
  expect(exposed.sample('node', 'node_softnet_processed')).toEqual([
    'node_softnet_processed_total{cpu="0"} 100',
    'node_softnet_processed_total{cpu="2"} 102',
  ]);
});

test('softnet() leaves out what is cut short or no number', () => {
  expect(sampled('0000000a zz\n')).toEqual(['node_softnet_processed_total{cpu="0"} 10']);
  expect(sampled('ffffffff 1x 2\n')).toEqual([
    'node_softnet_processed_total{cpu="0"} 4294967295',
    'node_softnet_times_squeezed_total{cpu="0"} 2',
  ]);
  expect(sampled('')).toEqual([]);
});

test('softnet() reads 10,000 CPUs', () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, i) => `${line(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i)}\n`,
  );
  expect(sampled(lines.join(''))).toHaveLength(70_000);
});

test('softnet() reads the fixture machines', () => {
  const count = (name: 'vm' | 'spark'): number => {
    using files = Files.machine(name, 'proc/net', 'proc/self', 'proc/1/net/softnet_stat');
    return new Exposed(softnet(files.paths)).sample().length;
  };
  expect([count('vm'), count('spark')]).toEqual([2 * 6, 20 * 7]);
});
