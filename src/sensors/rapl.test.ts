import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { attributes } from '../../test/trees/tree.ts';
import { UNGUARDED } from './guard.ts';
import { RAPL_DEFAULTS, type RaplOptions, rapl } from './rapl.ts';
import { OnDisk } from './tree.fixture.ts';

const CAP = 'sys/class/powercap';
const zones = (all: Readonly<Record<string, readonly [name: string, energy: number]>>): OnDisk =>
  OnDisk.built((tree) => {
    // The control type itself: no zone.
    attributes(tree, `${CAP}/intel-rapl`, { enabled: 1 });
    for (const [zone, [name, energy]] of Object.entries(all)) {
      const range = 262_143_328_850;
      attributes(tree, `${CAP}/${zone}`, { name, energy_uj: energy, max_energy_range_uj: range });
    }
  });
const TWO = {
  'intel-rapl:0': ['package-0', 124_599_532_281],
  'intel-rapl:0:0': ['core', 2],
  'intel-rapl:1': ['package-1', 3],
  'intel-rapl:1:0': ['core', 4],
} as const;
const expose = (disk: OnDisk, options: RaplOptions = RAPL_DEFAULTS): Exposed =>
  new Exposed(rapl(disk.paths, UNGUARDED, options));

test('rapl() numbers zones of one name as they come, and others by the number in their name', () => {
  using disk = zones(TWO);
  const path = `${disk.paths.sysfs}/class/powercap/intel-rapl`;
  expect(expose(disk).sample()).toEqual([
    `node_rapl_core_joules_total{index="0",path="${path}:0:0"} 0.000002`,
    `node_rapl_core_joules_total{index="1",path="${path}:1:0"} 0.000004`,
    `node_rapl_package_joules_total{index="0",path="${path}:0"} 124599.532281`,
    `node_rapl_package_joules_total{index="1",path="${path}:1"} 0.000003`,
  ]);
});

test('rapl() has one native family, and one with enableZoneLabel', () => {
  using disk = zones({ 'intel-rapl:0': ['package-0', 5_000_000], psys: ['psys', 6_000_000] });
  expect(expose(disk).sample('native')).toEqual([
    'rapl_energy_joules_total{device="intel-rapl:0",zone="package-0"} 5',
    'rapl_energy_joules_total{device="psys",zone="psys"} 6',
  ]);
  const lines = expose(disk, { enableZoneLabel: true }).sample();
  expect(lines[0]).toStartWith('node_rapl_joules_total{index="0",path="');
  expect(lines[0]).toEndWith('/intel-rapl:0",rapl_zone="package"} 5');
});

test('rapl() makes a name for a zone that no table has', () => {
  using disk = zones({ 'arm-cap:0': ['big. cluster', 7_000_000] });
  expect(expose(disk).sample()[0]).toStartWith('node_rapl_big_cluster_joules_total{');
});

test('rapl() is without data where no counter may be read', () => {
  using disk = OnDisk.built((tree) =>
    attributes(tree, `${CAP}/intel-rapl:0`, { name: 'package-0' }),
  );
  const [report] = expose(disk).registry.reports();
  expect(report?.status).toBe('absent');
  expect(report?.error).toContain('that may be read');
  using none = new OnDisk(new Map([['sys/none', '']]));
  expect(expose(none).registry.reports()[0]?.status).toBe('absent');
});
