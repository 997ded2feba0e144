/**
 * Every difference between edgegauge's `node` dialect and node_exporter 1.9, by name and with its reason.
 * test/differential compares both on the fixture machines and on the machine that it runs on. It fails on
 * a difference that is not here, and on one that is here and does not show.
 */
import { INFINIBAND_HW_COUNTERS } from '../src/catalog/host/infiniband-hw.ts';
import type { MachineName } from './trees/write.ts';

export type Where = MachineName | 'live';

export interface Difference {
  /** Who has the series; `neither`: both have it and do not agree. */
  readonly only: 'node_exporter' | 'edgegauge' | 'neither';
  readonly names: readonly string[];
  /** Where not all series of these names differ: the values that a label has in those that do. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** The same by node_exporter's value. */
  readonly value?: (value: number) => boolean;
  /** Machines on which it shows. On the live one it may: nobody knows which machine that is. */
  readonly on: readonly Where[];
  readonly reason: string;
}

const EVERYWHERE: readonly Where[] = ['vm', 'h100', 'spark', 'live'];
const STATE = ['node_scrape_collector_duration_seconds', 'node_scrape_collector_success'];
const SUCCESS = ['node_scrape_collector_success'];

const nodeNames = (signals: typeof INFINIBAND_HW_COUNTERS): string[] =>
  Object.values(signals).flatMap((signal) => signal.dialects.node?.name ?? []);

export const DIFFERENCES: readonly Difference[] = [
  {
    only: 'node_exporter',
    names: ['node_exporter_build_info'],
    on: EVERYWHERE,
    reason: 'Each says its own version: edgegauge_build_info.',
  },
  {
    only: 'node_exporter',
    names: STATE,
    labels: {
      collector: [
        ...['bcache', 'btrfs', 'fibrechannel', 'ipvs', 'nfs'],
        ...['nfsd', 'tapestats', 'xfs', 'zfs'],
      ],
    },
    on: EVERYWHERE,
    reason: 'Collectors for hardware and file systems that edgegauge does not cover.',
  },
  {
    only: 'node_exporter',
    names: ['node_scrape_collector_duration_seconds'],
    on: EVERYWHERE,
    reason:
      'A collector that has found nothing is not asked again at each scrape: no time was spent.',
  },
  {
    only: 'edgegauge',
    names: STATE,
    labels: { collector: ['dgx', 'host', 'self', 'serving', 'spbm'] },
    on: EVERYWHERE,
    reason: 'Collectors that node_exporter does not have.',
  },
  {
    only: 'neither',
    names: SUCCESS,
    labels: { collector: ['edac', 'thermal_zone'] },
    on: ['vm', 'spark', 'live'],
    reason:
      'On a machine without what they read both programs say 0 of most collectors; node_exporter says 1 of these two.',
  },
  {
    only: 'neither',
    names: SUCCESS,
    labels: { collector: ['pressure'] },
    on: ['vm', 'h100', 'live'],
    reason:
      'node_exporter says 0 where the kernel lacks one of the files, though it has read the others.',
  },
  {
    only: 'edgegauge',
    names: [
      'node_memory_Balloon_bytes',
      'node_memory_FileHugePages_bytes',
      'node_memory_FilePmdMapped_bytes',
      'node_memory_Hugetlb_bytes',
      'node_memory_KReclaimable_bytes',
      'node_memory_SecPageTables_bytes',
      'node_memory_Unaccepted_bytes',
      'node_memory_Zswap_bytes',
      'node_memory_Zswapped_bytes',
    ],
    on: EVERYWHERE,
    reason:
      'Every field that the kernel writes is here, as in node_exporter up to 1.8; 1.9 has those that its library lists.',
  },
  {
    only: 'edgegauge',
    names: ['node_network_receive_nohandler_total'],
    on: ['vm', 'h100', 'spark'],
    reason:
      'Read from sysfs; node_exporter asks netlink for it, which knows the live machine alone.',
  },
  {
    only: 'node_exporter',
    names: ['node_softnet_backlog_len'],
    value: (value) => value === 0,
    on: ['vm', 'live'],
    reason: 'Where the kernel does not tell it, it is unknown and not 0.',
  },
  {
    only: 'node_exporter',
    names: ['node_hwmon_temp_max_celsius', 'node_hwmon_temp_min_celsius'],
    value: (value) => value > 1000 || value < -273,
    on: ['h100', 'spark', 'live'],
    reason:
      'No disk warns at 65262 degrees or below absolute zero: such a limit is a way to say that there is none.',
  },
  {
    only: 'edgegauge',
    names: nodeNames(INFINIBAND_HW_COUNTERS),
    on: ['h100', 'spark', 'live'],
    reason: 'node_exporter has them, under these names, since 1.10.',
  },
  {
    only: 'neither',
    names: ['node_filefd_allocated'],
    on: ['live'],
    reason:
      'node_exporter reads everything at once, and counts the files that it has open for that.',
  },
  {
    only: 'node_exporter',
    names: ['node_disk_info'],
    labels: { rotational: ['0'] },
    on: ['live'],
    reason:
      'Where a disk lacks one attribute of its queue node_exporter takes none of them, and says that the disk does not rotate.',
  },
  {
    only: 'edgegauge',
    names: ['node_disk_info'],
    labels: { rotational: ['1'] },
    on: ['live'],
    reason: 'The same series with what the kernel says.',
  },
];
