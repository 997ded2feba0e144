import { pick } from './number.ts';
import { type Attribute, attributes, lines, link, type Tree } from './tree.ts';

/** One block device, disk or partition. */
export interface Disk {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  /** Its folder below sys/devices; without one it is a line of diskstats alone. */
  readonly path?: string;
  /** Number of the partition: it has no queue and is not in sys/block. */
  readonly partition?: number;
  /** The device that it belongs to, below sys/devices; a virtual disk has none. */
  readonly device?: string;
  /** Sectors of 512 bytes. */
  readonly size?: number;
  readonly rotational?: 0 | 1;
  /** Counters in diskstats: 11 before kernel 4.18, 15 with discards, 17 with flushes since 5.5. */
  readonly fields?: 11 | 15 | 17;
  /** Properties that udev knows of it. */
  readonly udev?: Record<string, string>;
  /** Never used: every counter is 0. */
  readonly unused?: boolean;
}

/** reads, merges, sectors, ms; writes, the same; in flight, busy ms, weighted ms; discards; flushes. */
const RANGES: readonly (readonly [number, number])[] = [
  [1e6, 9e7],
  [1e4, 9e5],
  [1e9, 9e11],
  [1e6, 9e8],
  [1e6, 9e8],
  [1e6, 9e6],
  [1e9, 9e11],
  [1e7, 9e9],
  [1, 40],
  [1e6, 9e8],
  [1e7, 9e9],
  [1e3, 9e5],
  [10, 999],
  [1e8, 9e10],
  [1e3, 9e4],
  [1e4, 9e6],
  [1e3, 9e5],
];

/** Adds proc/diskstats (Documentation/admin-guide/iostats.rst). */
export function diskstats(tree: Tree, host: string, disks: readonly Disk[]): void {
  lines(
    tree,
    'proc/diskstats',
    disks.map((disk) => {
      const counters = RANGES.slice(0, disk.fields ?? 17).map(([low, high], i) =>
        disk.unused ? 0 : pick(`${host} ${disk.name} ${i}`, low, high),
      );
      const number = `${String(disk.major).padStart(4)} ${String(disk.minor).padStart(7)}`;
      return `${number} ${disk.name} ${counters.join(' ')}`;
    }),
  );
}

/** The request queue of a disk: node_exporter knows `rotational` only when all of these are there. */
function queue(disk: Disk): Record<string, Attribute> {
  return {
    add_random: 0,
    chunk_sectors: 0,
    dax: 0,
    discard_granularity: 512,
    discard_max_bytes: 2_199_023_255_040,
    discard_max_hw_bytes: 2_199_023_255_040,
    fua: 1,
    hw_sector_size: 512,
    io_poll: 0,
    io_poll_delay: -1,
    io_timeout: 30_000,
    iostats: 1,
    logical_block_size: 512,
    max_discard_segments: 256,
    max_hw_sectors_kb: 2048,
    max_integrity_segments: 1,
    max_sectors_kb: 1280,
    max_segment_size: 4_294_967_295,
    max_segments: 127,
    minimum_io_size: 512,
    nomerges: 0,
    nr_requests: 1023,
    nr_zones: 0,
    optimal_io_size: 0,
    physical_block_size: 4096,
    read_ahead_kb: 128,
    rotational: disk.rotational ?? 0,
    rq_affinity: 1,
    scheduler: '[none] mq-deadline',
    wbt_lat_usec: 2000,
    write_cache: 'write back',
    write_same_max_bytes: 0,
    write_zeroes_max_bytes: 0,
    zoned: 'none',
  };
}

/** Adds disks to sys/block and sys/class/block, and what udev knows of them to run/udev/data. */
export function disks(tree: Tree, list: readonly Disk[]): void {
  for (const disk of list) {
    if (disk.udev !== undefined) {
      lines(tree, `run/udev/data/b${disk.major}:${disk.minor}`, [
        `S:disk/by-fixture/${disk.name}`,
        `I:${pick(disk.name, 1e6, 9e6)}`,
        ...Object.entries(disk.udev).map(([name, value]) => `E:${name}=${value}`),
        'G:systemd',
      ]);
    }
    if (disk.path === undefined) continue;
    const base = `sys/devices/${disk.path}`;
    link(tree, `sys/class/block/${disk.name}`, base);
    link(tree, `${base}/subsystem`, 'sys/class/block');
    if (disk.partition !== undefined) {
      attributes(tree, base, {
        dev: `${disk.major}:${disk.minor}`,
        partition: disk.partition,
        size: disk.size ?? 0,
        start: 2_048,
      });
      continue;
    }
    attributes(tree, base, {
      dev: `${disk.major}:${disk.minor}`,
      range: 256,
      removable: 0,
      ro: 0,
      size: disk.size ?? 0,
      uevent: `DEVNAME=${disk.name}`,
    });
    attributes(tree, `${base}/queue`, queue(disk));
    if (disk.device !== undefined) link(tree, `${base}/device`, `sys/devices/${disk.device}`);
    link(tree, `sys/block/${disk.name}`, base);
  }
}
