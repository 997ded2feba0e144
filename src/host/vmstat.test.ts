import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { vmstat } from './vmstat.ts';

const FILE = 'proc/vmstat';
const TEXT = `nr_free_pages 78204
pgpgin 1902029
pgpgout 1348268
pswpin 0
pswpout 18446744073709551615
pgalloc_normal 9
pgfault 3168325
pgmajfault 1453
oom_kill 2
`;

test('vmstat() reads the default fields, untyped', () => {
  using files = new Files({ [FILE]: TEXT });
  const exposed = new Exposed(vmstat(files.paths));
  expect(exposed.sample()).toEqual([
    'node_vmstat_oom_kill 2',
    'node_vmstat_pgfault 3168325',
    'node_vmstat_pgmajfault 1453',
    'node_vmstat_pgpgin 1902029',
    'node_vmstat_pgpgout 1348268',
    'node_vmstat_pswpin 0',
    'node_vmstat_pswpout 18446744073709552000',
  ]);
  expect(exposed.text()).toContain('# TYPE node_vmstat_oom_kill untyped\n');
});

test('vmstat() reads the fields that its pattern asks for', () => {
  using files = new Files({ [FILE]: TEXT });
  expect(new Exposed(vmstat(files.paths, { fields: '^nr_' })).sample()).toEqual([
    'node_vmstat_nr_free_pages 78204',
  ]);
});

test('vmstat() leaves out fields without a number and names that no metric can have', () => {
  using files = new Files({ [FILE]: 'pgpgin\npgpgout -\nnr-x 5\nconstructor 7\n\npswpin 3\n' });
  expect(new Exposed(vmstat(files.paths, { fields: '.' })).sample()).toEqual([
    'node_vmstat_constructor 7',
    'node_vmstat_pswpin 3',
  ]);
});

test('vmstat() follows a file that changes its fields', () => {
  using files = new Files({ [FILE]: TEXT });
  const exposed = new Exposed(vmstat(files.paths));
  expect(exposed.sample()).toHaveLength(7);
  files.write(FILE, `pgpgin 1\n${TEXT.slice(TEXT.indexOf('pgfault'))}`);
  expect(exposed.sample()).toEqual([
    'node_vmstat_oom_kill 2',
    'node_vmstat_pgfault 3168325',
    'node_vmstat_pgmajfault 1453',
    'node_vmstat_pgpgin 1',
  ]);
});

test('vmstat() reads 10,000 fields, and an empty file as none', () => {
  const fields = Array.from({ length: 10_000 }, (_, i) => `pgpg_${i} ${i}\n`);
  using files = new Files({ [FILE]: fields.join('') });
  const lines = new Exposed(vmstat(files.paths)).sample();
  expect(lines).toHaveLength(10_000);
  expect(lines).toContain('node_vmstat_pgpg_9999 9999');
  using empty = new Files({ [FILE]: '' });
  expect(new Exposed(vmstat(empty.paths)).sample()).toEqual([]);
});

test('vmstat() reads a fixture machine', () => {
  using files = Files.machine('vm', FILE);
  const lines = new Exposed(vmstat(files.paths)).sample();
  expect(lines).toContain('node_vmstat_oom_kill 3');
  expect(lines).toContain('node_vmstat_pswpin 20511');
});
