import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { edac as tree } from '../../test/trees/edac.ts';
import { edac } from './edac.ts';
import { UNGUARDED } from './guard.ts';
import { OnDisk } from './tree.fixture.ts';

const MC = 'sys/devices/system/edac/mc';
const built = (): OnDisk => OnDisk.built((t) => tree(t, 'test', 1, 1));
const fill = (disk: OnDisk): void => {
  const files = ['ce_count', 'ce_noinfo_count', 'ue_count', 'ue_noinfo_count'];
  for (const [i, file] of files.entries()) disk.write(`${MC}/mc0/${file}`, `${i + 1}\n`);
  disk.write(`${MC}/mc0/csrow0/ce_count`, '5\n');
  disk.write(`${MC}/mc0/csrow0/ue_count`, '6\n');
};

test('edac() has the errors of controllers and rows, those of no row as row unknown', () => {
  using disk = built();
  fill(disk);
  const exposed = new Exposed(edac(disk.paths, UNGUARDED));
  expect(exposed.sample()).toEqual([
    'node_edac_correctable_errors_total{controller="0"} 1',
    'node_edac_csrow_correctable_errors_total{controller="0",csrow="unknown"} 2',
    'node_edac_csrow_correctable_errors_total{controller="0",csrow="0"} 5',
    'node_edac_csrow_uncorrectable_errors_total{controller="0",csrow="unknown"} 4',
    'node_edac_csrow_uncorrectable_errors_total{controller="0",csrow="0"} 6',
    'node_edac_uncorrectable_errors_total{controller="0"} 3',
  ]);
  expect(exposed.sample('native')).toEqual([
    'memory_correctable_errors_total{controller="0"} 1',
    'memory_uncorrectable_errors_total{controller="0"} 3',
  ]);
});

test('edac() leaves out a count that cannot be read, and no other', () => {
  using disk = built();
  fill(disk);
  disk.breakFile(`${MC}/mc0/ue_count`);
  disk.remove(`${MC}/mc0/ce_noinfo_count`);
  const lines = new Exposed(edac(disk.paths, UNGUARDED)).sample();
  expect(lines).toHaveLength(4);
  expect(lines.join()).not.toContain('node_edac_uncorrectable_errors_total');
});

test('edac() takes only what is named like a controller', () => {
  using disk = built();
  disk.write(`${MC}/mcx/ce_count`, '9\n');
  disk.write(`${MC}/power/control`, 'auto\n');
  expect(new Exposed(edac(disk.paths, UNGUARDED)).sample()).toHaveLength(6);
});

test('edac() is without data on a machine without memory controllers of that kind', () => {
  using disk = new OnDisk(new Map([['sys/none', '']]));
  expect(new Exposed(edac(disk.paths, UNGUARDED)).registry.reports()[0]?.status).toBe('absent');
});
