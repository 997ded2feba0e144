import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { mdadm } from './mdadm.ts';

const HEAD = 'Personalities : [raid1] [raid0] \n';
const TAIL = 'unused devices: <none>\n';
const table = (...arrays: readonly string[]): string =>
  HEAD + arrays.map((array) => `${array}\n      \n`).join('') + TAIL;
const MIRROR = 'md6 : active raid1 sdb2[2](F) sdc[1](S) sda2[0]\n      195310144 blocks [2/1] [U_]';

const machine = (text: string | Uint8Array): Files => new Files({ 'proc/mdstat': text });
const exposed = (files: Files): Exposed => new Exposed(mdadm(files.paths));

/** What one array says, in the order of the families: blocks, synced, disks, required, states. */
const numbers = (text: string): number[] => {
  using files = machine(text);
  return exposed(files)
    .sample('node')
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
};

test('mdadm() reads an array that has lost a disk', () => {
  using files = machine(table(MIRROR));
  expect(exposed(files).sample('node')).toEqual([
    'node_md_blocks{device="md6"} 195310144',
    'node_md_blocks_synced{device="md6"} 195310144',
    'node_md_disks{device="md6",state="active"} 1',
    'node_md_disks{device="md6",state="failed"} 1',
    'node_md_disks{device="md6",state="spare"} 1',
    'node_md_disks_required{device="md6"} 2',
    'node_md_state{device="md6",state="active"} 1',
    'node_md_state{device="md6",state="inactive"} 0',
    'node_md_state{device="md6",state="recovering"} 0',
    'node_md_state{device="md6",state="resync"} 0',
    'node_md_state{device="md6",state="check"} 0',
  ]);
});

test('mdadm() reads what an array is doing and how far it is', () => {
  const doing = (line: string): number[] => numbers(table(`${MIRROR}\n      ${line}`));
  const progress = '(16775552/195310144) finish=17.0min speed=259783K/sec';
  const bar = '[=>...................]';
  const disks = [1, 1, 1, 2];
  expect(doing(`${bar}  recovery =  8.5% ${progress}`)).toEqual([
    195310144,
    16775552,
    ...disks,
    0,
    0,
    1,
    0,
    0,
  ]);
  expect(doing(`${bar}  resync =  8.5% ${progress}`)).toEqual([
    195310144,
    16775552,
    ...disks,
    0,
    0,
    0,
    1,
    0,
  ]);
  expect(doing(`${bar}  check =  8.5% ${progress}`)).toEqual([
    195310144,
    16775552,
    ...disks,
    0,
    0,
    0,
    0,
    1,
  ]);
  expect(doing('resync=DELAYED')).toEqual([195310144, 0, ...disks, 0, 0, 0, 1, 0]);
  expect(doing('\tresync=PENDING')).toEqual([195310144, 0, ...disks, 0, 0, 0, 1, 0]);
  // How far another node of a cluster is, is not known.
  expect(doing('resync=REMOTE')).toEqual([195310144, ...disks, 0, 0, 0, 1, 0]);
  expect(doing(`${bar}  reshape =  8.5% ${progress}`)).toEqual([
    195310144,
    195310144,
    ...disks,
    1,
    0,
    0,
    0,
    0,
  ]);
  expect(doing('bitmap: 0/30 pages [0KB], 65536KB chunk')).toEqual([
    195310144,
    195310144,
    ...disks,
    1,
    0,
    0,
    0,
    0,
  ]);
});

test('mdadm() finds the progress before or behind the bitmap', () => {
  const bitmap = '      bitmap: 11/28 pages [44KB], 65536KB chunk';
  const recovery = '      [>....]  recovery = 27.4% (1027/3750) finish=231.7min speed=195840K/sec';
  const before = numbers(table(`${MIRROR}\n${recovery}\n${bitmap}`));
  expect(before[1]).toBe(1027);
  expect(numbers(table(`${MIRROR}\n${bitmap}\n${recovery}`))).toEqual(before);
});

test('mdadm() takes all disks of an array without redundancy for required', () => {
  const disks = [2, 0, 0, 2];
  expect(
    numbers(table('md1 : active raid0 sdb[1] sda[0]\n      100 blocks super 1.2 512k chunks')),
  ).toEqual([100, 100, ...disks, 1, 0, 0, 0, 0]);
  expect(
    numbers(table('md1 : active (read-only) linear sdb[1] sda[0]\n      100 blocks 0k rounding')),
  ).toEqual([100, 100, ...disks, 1, 0, 0, 0, 0]);
});

test('mdadm() reads arrays that are inactive or broken', () => {
  expect(
    numbers(table('md1 : inactive sdb[2](S) sdc[1](S)\n       7932 blocks super external:imsm')),
  ).toEqual([7932, 7932, 0, 0, 2, 0, 0, 1, 0, 0, 0]);
  expect(numbers(table('md1 : broken raid1 sdb[2]\n      9 blocks [2/1] [U_]'))).toEqual([
    9, 9, 1, 0, 0, 2, 0, 0, 0, 0, 0,
  ]);
});

test('mdadm() leaves out what a level does not say', () => {
  expect(numbers(table('md1 : active faulty sdb[0]\n      9 blocks nfaults=0'))).toEqual([
    9, 9, 0, 0, 1, 0, 0, 0, 0,
  ]);
});

test('mdadm() leaves out an array that is cut short anywhere, and recovers', () => {
  const recovery = '      [>....]  recovery = 27.4% (1027/3750) finish=231.7min speed=195840K/sec';
  const text = table(`${MIRROR}\n${recovery}`);
  using files = machine(text);
  const shown = exposed(files);
  const whole = shown.sample('node');
  expect(whole).toContain('node_md_state{device="md6",state="recovering"} 1');
  for (let length = 0; length < text.length - TAIL.length; length++) {
    files.write('proc/mdstat', text.slice(0, length));
    expect([length, shown.sample('node')]).toEqual([length, []]);
  }
  files.write('proc/mdstat', text);
  expect(shown.sample('node')).toEqual(whole);
});

test('mdadm() adds arrays that come and drops those that go, and leaves the others where they are', () => {
  const other = MIRROR.replace('md6', 'md_d1');
  using files = machine(table(MIRROR));
  const shown = exposed(files);
  const blocks = (): string[] => shown.sample('node', 'node_md_blocks{');
  const slots = (): number[] =>
    [...shown.layout.series('mdadm')]
      .filter((s) => s.labels['device'] === 'md6')
      .map((s) => s.slot);
  expect(blocks()).toEqual(['node_md_blocks{device="md6"} 195310144']);
  const before = slots();
  files.write('proc/mdstat', table(other, MIRROR));
  expect(blocks()).toHaveLength(2);
  expect(slots()).toEqual(before);
  files.write('proc/mdstat', table(other));
  expect(blocks()).toEqual(['node_md_blocks{device="md_d1"} 195310144']);
  expect(shown.complaints).toEqual([]);
});

test('mdadm() has nothing to say where there is no array, an empty file, or none', () => {
  using files = machine(table());
  expect(exposed(files).sample('node')).toEqual([]);
  files.write('proc/mdstat', '');
  const empty = exposed(files);
  expect(empty.sample('node')).toEqual([]);
  expect(empty.registry.reports()[0]?.status).toBe('ok');
  files.remove('proc/mdstat');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
});

test('mdadm() takes sizes of 2^64 - 1 and names that are not UTF-8', () => {
  const text = table(MIRROR.replace('195310144', '18446744073709551615').replace('md6', 'm\xff'));
  using files = machine(Buffer.from(text, 'latin1'));
  expect(exposed(files).sample('node', 'node_md_blocks{')).toEqual([
    'node_md_blocks{device="m\ufffd"} 18446744073709552000',
  ]);
});

test('mdadm() reads 10,000 arrays', () => {
  const arrays = Array.from({ length: 10_000 }, (_, i) => MIRROR.replace('md6', `md${i}`));
  using files = machine(table(...arrays));
  const lines = exposed(files).sample('node', 'node_md_disks_required');
  expect(lines).toHaveLength(10_000);
  expect(lines.every((line) => line.endsWith(' 2'))).toBe(true);
});

test('mdadm() reads the arrays of the H100 host', () => {
  using files = Files.machine('h100', 'proc/mdstat');
  const lines = exposed(files).sample('node');
  expect(lines).toContain('node_md_state{device="md0",state="recovering"} 1');
  expect(lines).toContain('node_md_blocks_synced{device="md0"} 1027665166');
  expect(lines).toContain('node_md_disks{device="md0",state="active"} 4');
  expect(lines).toContain('node_md_disks_required{device="md1"} 2');
  expect(lines).toContain('node_md_disks{device="md1",state="failed"} 1');
});
