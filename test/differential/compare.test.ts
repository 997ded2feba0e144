import { describe, expect, test } from 'bun:test';
import { compare, idle, read, unexplained } from './compare.ts';

/** What differs between a page of node_exporter and two of edgegauge around it; one for a value that stays. */
function differing(theirs: string, before: string, after = before): string[] {
  const found = compare(read(theirs), read(before), read(after));
  return [...found.values()].map(({ only, series }) => `${only} ${series.name}`);
}

const counter = (value: string | number): string => `# TYPE a_total counter\na_total ${value}\n`;
const gauge = (value: string | number): string => `# TYPE a gauge\na ${value}\n`;

describe('compare()', () => {
  test('finds no difference between pages that say the same', () => {
    expect(
      differing('# TYPE a gauge\na{x="1",y="2"} 1\n', '# TYPE a gauge\na{y="2",x="1"} 1.0\n'),
    ).toEqual([]);
    expect(differing('# TYPE a gauge\na{x="1",y=""} 1\n', '# TYPE a gauge\na{x="1"} 1\n')).toEqual(
      [],
    );
    expect(differing(gauge('NaN'), gauge('NaN'))).toEqual([]);
    expect(differing(gauge('405342.76900000003'), gauge('405342.769'))).toEqual([]);
  });

  test('finds series that only one of them has, whatever edgegauge says of itself', () => {
    expect(differing(gauge(1), '')).toEqual(['node_exporter a']);
    expect(differing('', gauge(1))).toEqual(['edgegauge a']);
    expect(differing('a{x="1"} 1\n', 'a{x="2"} 1\n')).toEqual(['node_exporter a', 'edgegauge a']);
    expect(differing('', '# TYPE edgegauge_a gauge\nedgegauge_a 1\nprocess_a 1\n')).toEqual([]);
  });

  test('finds a series that came or went between the two pages of edgegauge', () => {
    expect(differing(gauge(1), '', gauge(1))).toEqual(['node_exporter a']);
    expect(differing(gauge(1), gauge(1), '')).toEqual(['node_exporter a']);
  });

  test('finds another type', () => {
    expect(differing('# TYPE a gauge\na 1\n', '# TYPE a untyped\na 1\n')).toEqual(['neither a']);
  });

  test('finds another value, where it did not move', () => {
    expect(differing(gauge(1), gauge(2))).toEqual(['neither a']);
    expect(differing(gauge('405342.7690000005'), gauge('405342.769'))).toEqual(['neither a']);
    expect(differing(gauge(0), gauge('1e-9'))).toEqual(['neither a']);
    expect(differing(gauge(1), gauge('NaN'))).toEqual(['neither a']);
  });

  test('finds a counter that is not between what it was before and after; a gauge may go anywhere', () => {
    for (const value of [10, 11, 12])
      expect(differing(counter(value), counter(10), counter(12))).toEqual([]);
    for (const value of [9, 13]) {
      expect(differing(counter(value), counter(10), counter(12))).toEqual(['neither a_total']);
      expect(differing(gauge(value), gauge(10), gauge(12))).toEqual([]);
    }
  });
});

describe('test/differences.ts', () => {
  const build = 'node_exporter_build_info{version="1.9.0"} 1\n';
  const found = (theirs: string): ReturnType<typeof compare> =>
    compare(read(theirs), read(''), read(''));

  test('explains by name, labels and value', () => {
    expect(unexplained(found(build), 'vm')).toEqual([]);
    const page =
      'node_hwmon_temp_max_celsius{sensor="a"} 65261\nnode_hwmon_temp_max_celsius{sensor="b"} 99\n';
    expect(unexplained(found(page), 'spark')).toEqual([
      'node_exporter: node_hwmon_temp_max_celsius{sensor="b"} 99',
    ]);
    expect(unexplained(found(page), 'vm')).toHaveLength(2);
  });

  test('lists nothing that does not show', () => {
    expect(
      idle(found(''), 'vm').filter((line) => line.startsWith('node_exporter_build_info')),
    ).toHaveLength(1);
    expect(
      idle(found(build), 'vm').filter((line) => line.startsWith('node_exporter_build_info')),
    ).toEqual([]);
  });
});
