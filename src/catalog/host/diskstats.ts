import { type Row, signals } from '../signal.ts';

/** Devices that are left out by default, as in node_exporter: RAM disks, loop devices, floppies, partitions. */
export const DISKSTATS_EXCLUDE = '^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$';

type More = Partial<Pick<Row, 'type' | 'unit' | 'native'>>;

const disk = (name: string, help: string, more: More = {}): Row => ({
  type: 'counter',
  help,
  labels: ['device'],
  node: `node_disk_${name}`,
  ...more,
});

const seconds = (name: string, help: string, more: More = {}): Row =>
  disk(name, help, { unit: 'seconds', ...more });

const info = (name: string, help: string, ...labels: readonly string[]): Row => ({
  type: 'gauge',
  help,
  labels: ['device', ...labels],
  node: `node_disk_${name}`,
});

/** /proc/diskstats, and what udev and sysfs know about the devices in it. */
export const DISKSTATS = signals('diskstats', {
  readsCompleted: disk('reads_completed_total', 'Reads that completed.', {
    native: 'diskio_reads_completed_total',
  }),
  readsMerged: disk('reads_merged_total', 'Reads merged into a neighbouring one.'),
  readBytes: disk('read_bytes_total', 'Bytes read.', {
    unit: 'bytes',
    native: 'diskio_read_bytes_total',
  }),
  readTime: seconds('read_time_seconds_total', 'Time that all reads took together.'),
  writesCompleted: disk('writes_completed_total', 'Writes that completed.', {
    native: 'diskio_writes_completed_total',
  }),
  writesMerged: disk('writes_merged_total', 'Writes merged into a neighbouring one.'),
  writtenBytes: disk('written_bytes_total', 'Bytes written.', {
    unit: 'bytes',
    native: 'diskio_written_bytes_total',
  }),
  writeTime: seconds('write_time_seconds_total', 'Time that all writes took together.'),
  ioNow: disk('io_now', 'Requests in flight.', { type: 'gauge' }),
  ioTime: seconds('io_time_seconds_total', 'Time during which a request was in flight.', {
    native: 'diskio_io_time_seconds_total',
  }),
  ioTimeWeighted: seconds(
    'io_time_weighted_seconds_total',
    'Time in flight, summed over all requests.',
  ),
  discardsCompleted: disk('discards_completed_total', 'Discards that completed.'),
  discardsMerged: disk('discards_merged_total', 'Discards merged into a neighbouring one.'),
  discardedSectors: disk('discarded_sectors_total', 'Sectors of 512 bytes discarded.'),
  discardTime: seconds('discard_time_seconds_total', 'Time that all discards took together.'),
  flushes: disk('flush_requests_total', 'Flushes of the write cache that completed.'),
  flushTime: seconds('flush_requests_time_seconds_total', 'Time that all flushes took together.'),
  info: info(
    'info',
    'What the block device is.',
    'major',
    'minor',
    'path',
    'wwn',
    'model',
    'serial',
    'revision',
    'rotational',
  ),
  filesystemInfo: info(
    'filesystem_info',
    'The file system on the block device, as udev has seen it.',
    'type',
    'usage',
    'uuid',
    'version',
  ),
  deviceMapperInfo: info(
    'device_mapper_info',
    'The device mapper target behind the block device, as udev has seen it.',
    'name',
    'uuid',
    'vg_name',
    'lv_name',
    'lv_layer',
  ),
  ataWriteCache: info('ata_write_cache', 'Whether the ATA disk has a write cache.'),
  ataWriteCacheEnabled: info('ata_write_cache_enabled', 'Whether that write cache is on.'),
  ataRotationRate: info(
    'ata_rotation_rate_rpm',
    'Turns per minute of the ATA disk, 0 if it has none.',
  ),
});

/** The columns of a line behind major, minor and name; lines end after the 11th, 15th or 17th. */
export const DISKSTATS_COLUMNS = [
  DISKSTATS.readsCompleted,
  DISKSTATS.readsMerged,
  DISKSTATS.readBytes,
  DISKSTATS.readTime,
  DISKSTATS.writesCompleted,
  DISKSTATS.writesMerged,
  DISKSTATS.writtenBytes,
  DISKSTATS.writeTime,
  DISKSTATS.ioNow,
  DISKSTATS.ioTime,
  DISKSTATS.ioTimeWeighted,
  DISKSTATS.discardsCompleted,
  DISKSTATS.discardsMerged,
  DISKSTATS.discardedSectors,
  DISKSTATS.discardTime,
  DISKSTATS.flushes,
  DISKSTATS.flushTime,
] as const;
