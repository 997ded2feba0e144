/** Every collector that can be switched, with its options. */
import { DISKSTATS_EXCLUDE } from '../catalog/host/diskstats.ts';
import { FILESYSTEM_MOUNT_POINTS, FILESYSTEM_TYPES } from '../catalog/host/filesystem.ts';
import { NETSTAT_FIELDS } from '../catalog/host/netstat.ts';
import { VMSTAT_FIELDS } from '../catalog/host/vmstat.ts';
import type { Kind, Value } from './setting.ts';

export interface OptionSpec {
  /** Key in the file; the flag has dashes for its underscores, the source's option camel case. */
  readonly key: string;
  /** Where node_exporter calls the flag otherwise. */
  readonly flag?: string;
  readonly kind: Kind;
  readonly default: Value;
  readonly help: string;
}

export interface CollectorSpec {
  readonly name: string;
  readonly enabled: boolean;
  readonly help: string;
  readonly options: readonly OptionSpec[];
}

const on = (name: string, help: string, ...options: OptionSpec[]): CollectorSpec => ({
  name,
  enabled: true,
  help,
  options,
});

/** An option that is a regular expression. An empty one matches everything that it includes, nothing that it excludes. */
const pattern = (key: string, help: string, value = ''): OptionSpec => ({
  key,
  kind: 'pattern',
  default: value,
  help,
});

/** An option that is off by default. */
const flag = (key: string, help: string): OptionSpec => ({
  key,
  kind: 'boolean',
  default: false,
  help,
});

const exclude = (what: string, value = ''): OptionSpec =>
  pattern('device_exclude', `${what} to leave out.`, value);
const include = (what: string): OptionSpec =>
  pattern('device_include', `${what} to read, no others; empty: all.`);
const native = pattern(
  'native',
  'Interfaces in the native dialect; empty: those with a device behind them.',
);

export const COLLECTORS: readonly CollectorSpec[] = [
  on('arp', 'ARP entries by interface.', exclude('Interfaces'), include('Interfaces')),
  on('bonding', 'Bonded interfaces and how many of their slaves work.'),
  on('conntrack', 'Connections that the kernel tracks.'),
  on(
    'cpu',
    'Time of each CPU by mode, throttling, topology.',
    flag('info', 'Model, stepping and microcode of each CPU (node_cpu_info).'),
  ),
  on('cpufreq', 'Clock frequencies of the CPUs.'),
  on('dgx', 'What /etc/dgx-release says.'),
  on(
    'diskstats',
    'Reads and writes of block devices.',
    exclude('Devices', DISKSTATS_EXCLUDE),
    include('Devices'),
  ),
  on('dmi', 'Maker and model of the machine.'),
  on('edac', 'Memory errors that were corrected, and those that were not.'),
  on('entropy', 'The random number generator.'),
  on('filefd', 'File descriptors in use.'),
  on(
    'filesystem',
    'Space and inodes of mounted file systems.',
    pattern('mount_points_exclude', 'Mount points to leave out.', FILESYSTEM_MOUNT_POINTS),
    pattern('mount_points_include', 'Mount points to ask, no others; empty: all.'),
    pattern('fs_types_exclude', 'Types of file system to leave out.', FILESYSTEM_TYPES),
    pattern('fs_types_include', 'Types of file system to ask, no others; empty: all.'),
    {
      key: 'mount_timeout',
      kind: 'duration',
      default: 5000,
      help: 'A network or FUSE mount that does not answer for so long is left out.',
    },
  ),
  on('host', 'What this machine is, in one native series.'),
  on(
    'hwmon',
    'Temperatures, voltages, currents, power and fans.',
    pattern('chip_exclude', 'Chips to leave out.'),
    pattern('chip_include', 'Chips to read, no others; empty: all.'),
    pattern('sensor_exclude', 'Sensors to leave out, as CHIP;SENSOR.'),
    pattern('sensor_include', 'Sensors to read, no others, as CHIP;SENSOR; empty: all.'),
  ),
  on('infiniband', 'Ports of InfiniBand and RoCE adapters.'),
  on('loadavg', 'Load averages.'),
  on('mdadm', 'Software RAID arrays.'),
  on('meminfo', 'Every field of /proc/meminfo.'),
  on(
    'netclass',
    'State, speed and identity of network interfaces.',
    pattern('ignored_devices', 'Interfaces to leave out.', '^$'),
    flag(
      'ignore_invalid_speed',
      'Leave the speed out where the driver says that it does not know it.',
    ),
    native,
  ),
  on(
    'netdev',
    'Bytes, packets and errors of network interfaces.',
    exclude('Interfaces'),
    include('Interfaces'),
    native,
  ),
  on(
    'netstat',
    'Counters of the IP, TCP and UDP stacks.',
    pattern('fields', 'Fields to read, as Protocol_Field.', NETSTAT_FIELDS),
  ),
  on('nvme', 'Identity and state of NVMe controllers.'),
  on('os', 'Distribution and its version.'),
  on('powersupplyclass', 'Batteries and power adapters.', {
    ...pattern('ignored_supplies', 'Supplies to leave out.', '^$'),
    flag: 'collector.powersupply.ignored-supplies',
  }),
  on('pressure', 'Time that tasks waited for CPU, memory and I/O.'),
  on(
    'rapl',
    'Energy that the CPU packages used.',
    flag('enable_zone_label', 'One family of the node dialect for all zones, with a label.'),
  ),
  on('schedstat', 'Time that tasks ran and waited, by CPU.'),
  on('selinux', 'Whether SELinux is on, and what it does.'),
  on('sockstat', 'Sockets in use.'),
  on('softnet', 'Packets that each CPU processed and dropped.'),
  on('spbm', 'Power rails of a DGX Spark.'),
  on('stat', 'Context switches, interrupts, forks, boot time.'),
  on('textfile', 'Metrics that others wrote into *.prom files.', {
    key: 'directory',
    kind: 'texts',
    default: [],
    help: 'Directory of *.prom files, may hold * and be repeated.',
  }),
  on('thermal_zone', 'Thermal zones and cooling devices.'),
  on('time', 'The clock and its source.'),
  on('timex', 'How well the clock is kept.'),
  on('udp_queues', 'Bytes waiting in UDP sockets.'),
  on('uname', 'Kernel and host name.'),
  on(
    'vmstat',
    'Paging, swapping and out-of-memory kills.',
    pattern('fields', 'Fields of /proc/vmstat to read.', VMSTAT_FIELDS),
  ),
  on('watchdog', 'Hardware watchdogs.'),
];
