import { expect, test } from 'bun:test';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Exposed } from '../../test/exposed.ts';
import { DISKSTATS_EXCLUDE } from '../catalog/host/diskstats.ts';
import { diskstats } from './diskstats.ts';
import { Files } from './files.fixture.ts';

const VDA = ' 254       0 vda 78673 26122 3798554 12720 6059 21738 2696232 2499 3 3056 15923';
const DISCARDS = ' 3665 29 405752 699';
const FLUSHES = ' 314 4';
const INFO =
  'node_disk_info{device="vda",major="254",minor="0",path="",wwn="",model="",serial="",revision="",rotational="0"} 1';

const exposed = (files: Files, options = {}): Exposed =>
  new Exposed(diskstats(files.paths, { udevData: join(files.root, 'udev'), ...options }));

test('diskstats() reads the 17 numbers of a line in base units', () => {
  using files = new Files({ 'proc/diskstats': `${VDA}${DISCARDS}${FLUSHES}\n` });
  expect(exposed(files).sample('node')).toEqual([
    'node_disk_discard_time_seconds_total{device="vda"} 0.699',
    'node_disk_discarded_sectors_total{device="vda"} 405752',
    'node_disk_discards_completed_total{device="vda"} 3665',
    'node_disk_discards_merged_total{device="vda"} 29',
    'node_disk_flush_requests_time_seconds_total{device="vda"} 0.004',
    'node_disk_flush_requests_total{device="vda"} 314',
    INFO,
    'node_disk_io_now{device="vda"} 3',
    'node_disk_io_time_seconds_total{device="vda"} 3.056',
    'node_disk_io_time_weighted_seconds_total{device="vda"} 15.923',
    'node_disk_read_bytes_total{device="vda"} 1944859648',
    'node_disk_read_time_seconds_total{device="vda"} 12.72',
    'node_disk_reads_completed_total{device="vda"} 78673',
    'node_disk_reads_merged_total{device="vda"} 26122',
    'node_disk_write_time_seconds_total{device="vda"} 2.499',
    'node_disk_writes_completed_total{device="vda"} 6059',
    'node_disk_writes_merged_total{device="vda"} 21738',
    'node_disk_written_bytes_total{device="vda"} 1380470784',
  ]);
});

test('diskstats() has five native series for a disk', () => {
  using files = new Files({ 'proc/diskstats': `${VDA}\n` });
  expect(exposed(files).sample('native')).toEqual([
    'diskio_io_time_seconds_total{device="vda"} 3.056',
    'diskio_read_bytes_total{device="vda"} 1944859648',
    'diskio_reads_completed_total{device="vda"} 78673',
    'diskio_writes_completed_total{device="vda"} 6059',
    'diskio_written_bytes_total{device="vda"} 1380470784',
  ]);
});

test('diskstats() has no discards or flushes on kernels whose lines lack them', () => {
  using files = new Files({ 'proc/diskstats': `${VDA}${DISCARDS}\n` });
  expect(exposed(files).sample('node')).toHaveLength(16);
  files.write('proc/diskstats', `${VDA}\n`);
  const lines = exposed(files).sample('node');
  expect(lines).toHaveLength(12);
  expect(lines.filter((line) => /discard|flush/.test(line))).toEqual([]);
});

test('diskstats() leaves out RAM disks, loop devices and partitions, unless told which to read', () => {
  const names = ['ram0', 'zram1', 'loop7', 'fd0', 'sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'dm-0'];
  const lines = names.map((name, i) => `8 ${i} ${name} 1 2 3 4 5 6 7 8 9 10 11\n`).join('');
  using files = new Files({ 'proc/diskstats': lines });
  const devices = (options = {}): string[] =>
    exposed(files, options)
      .sample('node', 'node_disk_io_now')
      .map((line) => /"(.*)"/.exec(line)?.[1] ?? '');
  expect(devices()).toEqual(['sda', 'nvme0n1', 'dm-0']);
  expect(devices({ deviceExclude: '^dm' })).toEqual(names.slice(0, -1));
  expect(devices({ deviceInclude: '1$' })).toEqual(['zram1', 'sda1', 'nvme0n1']);
  expect(devices({ deviceInclude: '1$', deviceExclude: DISKSTATS_EXCLUDE })).toHaveLength(3);
  expect(devices({ deviceInclude: '1$', deviceExclude: 'sd' })).toEqual(['zram1', 'nvme0n1']);
});

test('diskstats() tells what udev knows of a disk', () => {
  using files = new Files({
    'proc/diskstats': `${VDA}\n`,
    'udev/b254:0': [
      'S:disk/by-id/x',
      'E:ID_PATH=pci-0000:00:04.0',
      'E:ID_WWN=0x5000',
      'E:ID_MODEL=A=B "c"',
      'E:ID_SERIAL_SHORT=inner',
      'E:SCSI_IDENT_SERIAL=label',
      'E:ID_REVISION=2',
      'E:ID_FS_TYPE=ext4',
      'E:ID_FS_USAGE=filesystem',
      'E:ID_FS_UUID=6f0c',
      'E:ID_FS_VERSION=1.0',
      'E:DM_NAME=data-srv',
      'E:DM_UUID=LVM-1',
      'E:DM_VG_NAME=data',
      'E:DM_LV_NAME=srv',
      'E:ID_ATA=1',
      'E:ID_ATA_WRITE_CACHE=1',
      'E:ID_ATA_WRITE_CACHE_ENABLED=off',
      'E:ID_ATA_ROTATION_RATE_RPM=7200',
      'E',
    ].join('\n'),
  });
  const lines = exposed(files).sample('node');
  expect(lines.filter((line) => /info|ata_/.test(line))).toEqual([
    'node_disk_ata_rotation_rate_rpm{device="vda"} 7200',
    'node_disk_ata_write_cache{device="vda"} 1',
    'node_disk_device_mapper_info{device="vda",name="data-srv",uuid="LVM-1",vg_name="data",lv_name="srv",lv_layer=""} 1',
    'node_disk_filesystem_info{device="vda",type="ext4",usage="filesystem",uuid="6f0c",version="1.0"} 1',
    'node_disk_info{device="vda",major="254",minor="0",path="pci-0000:00:04.0",wwn="0x5000",model="A=B \\"c\\"",serial="label",revision="2",rotational="0"} 1',
  ]);
});

test('diskstats() finds out whether a disk turns, for a partition from its disk', () => {
  using files = new Files({
    'proc/diskstats':
      '179 0 mmcblk0 1 2 3 4 5 6 7 8 9 10 11\n179 1 cciss/p1 1 2 3 4 5 6 7 8 9 10 11\n',
    'sys/devices/mmc/block/mmcblk0/queue/rotational': '1\n',
    'sys/devices/mmc/block/mmcblk0/cciss!p1/partition': '1\n',
  });
  const link = (from: string, to: string): void => {
    const path = join(files.root, from);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(files.root, to), path);
  };
  link('sys/class/block/mmcblk0', 'sys/devices/mmc/block/mmcblk0');
  link('sys/class/block/cciss!p1', 'sys/devices/mmc/block/mmcblk0/cciss!p1');
  const turning = exposed(files)
    .sample('node', 'node_disk_info')
    .map((line) => /device="(.*?)".*(rotational=.*)\}/.exec(line)?.slice(1).join(' '));
  expect(turning).toEqual(['mmcblk0 rotational="1"', 'cciss/p1 rotational="1"']);
});

test('diskstats() adds disks that come and drops those that go, and leaves the others where they are', () => {
  const vdb = VDA.replace('0 vda 78673', '16 vdb 5');
  using files = new Files({ 'proc/diskstats': `${VDA}\n` });
  const shown = exposed(files);
  const reads = (): string[] => shown.sample('node', 'node_disk_reads_completed_total');
  const slot = (): number | undefined =>
    [...shown.layout.series()].find((s) => s.labels['device'] === 'vda')?.slot;
  expect(reads()).toEqual(['node_disk_reads_completed_total{device="vda"} 78673']);
  const before = slot();
  files.write('proc/diskstats', `${vdb}\n${VDA}\n`);
  expect(reads()).toEqual([
    'node_disk_reads_completed_total{device="vdb"} 5',
    'node_disk_reads_completed_total{device="vda"} 78673',
  ]);
  expect(slot()).toBe(before as number);
  files.write('proc/diskstats', `${vdb}\n`);
  expect(reads()).toEqual(['node_disk_reads_completed_total{device="vdb"} 5']);
  expect(shown.complaints).toEqual([]);
});

test('diskstats() leaves out a line that is cut short, and recovers', () => {
  using files = new Files({ 'proc/diskstats': `${VDA}\n` });
  const shown = exposed(files);
  const whole = shown.sample('node');
  files.write('proc/diskstats', VDA.slice(0, VDA.indexOf('26122')));
  expect(shown.sample('node')).toEqual([]);
  files.write('proc/diskstats', ' 254');
  expect(shown.sample('node')).toEqual([]);
  files.write('proc/diskstats', `${VDA}\n`);
  expect(shown.sample('node')).toEqual(whole);
});

test('diskstats() keeps counters of 2^64 - 1 and names that are not UTF-8', () => {
  using files = new Files({
    'proc/diskstats': Buffer.concat([
      Buffer.from('1 2 v'),
      Buffer.of(0xff),
      Buffer.from(' 18446744073709551615 2 3 4 5 6 7 8 9 10 11\n'),
    ]),
  });
  expect(exposed(files).sample('native', 'diskio_reads')).toEqual([
    'diskio_reads_completed_total{device="v\ufffd"} 18446744073709552000',
  ]);
});

test('diskstats() says nothing of an empty file, nor when the file vanishes', () => {
  using files = new Files({ 'proc/diskstats': '' });
  expect(exposed(files).sample('node')).toEqual([]);
  files.write('proc/diskstats', `${VDA}\n`);
  const source = diskstats(files.paths);
  const shown = new Exposed(source);
  source.close();
  files.remove('proc/diskstats');
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('failed');
});

test('diskstats() reads 10,000 disks', () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, i) => `8 ${i} d${i} ${i} 2 3 4 5 6 7 8 9 10 11\n`,
  );
  using files = new Files({ 'proc/diskstats': lines.join('') });
  const native = exposed(files).sample('native', 'diskio_reads_completed_total');
  expect(native).toHaveLength(10_000);
  expect(native.at(-1)).toBe('diskio_reads_completed_total{device="d9999"} 9999');
});

test('diskstats() reads the fixture machines', () => {
  for (const [name, disks] of [
    ['vm', ['vda', 'sr0', 'dm-0']],
    ['h100', [...Array.from({ length: 8 }, (_, i) => `nvme${i}n1`), 'md0', 'md1']],
    ['spark', ['nvme0n1']],
  ] as const) {
    using files = Files.machine(name, 'proc/diskstats', 'run/udev', 'sys/devices/pci');
    const lines = new Exposed(
      diskstats(files.paths, { udevData: join(files.root, 'run/udev/data') }),
    ).sample('node', 'node_disk_info');
    const devices = lines.map((line) => /device="(.*?)"/.exec(line)?.[1] ?? '');
    expect([name, devices.sort()]).toEqual([name, [...disks].sort()]);
  }
});
