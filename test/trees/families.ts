import type { MachineName } from './write.ts';

/** What every machine has, at least one file for each collector. */
export const COMMON: readonly string[] = [
  ...['stat', 'cpuinfo', 'loadavg', 'uptime', 'meminfo', 'vmstat', 'schedstat', 'diskstats'].map(
    (file) => `proc/${file}`,
  ),
  ...['cpu', 'io', 'memory'].map((file) => `proc/pressure/${file}`),
  ...['dev', 'arp', 'snmp', 'snmp6', 'netstat', 'sockstat', 'sockstat6', 'softnet_stat'].map(
    (file) => `proc/net/${file}`,
  ),
  ...['udp', 'udp6', 'stat/nf_conntrack'].map((file) => `proc/net/${file}`),
  ...['mounts', 'mountinfo'].map((file) => `proc/self/${file}`),
  ...['mounts', 'mountinfo'].map((file) => `proc/1/${file}`),
  'proc/sys/fs/file-nr',
  'proc/sys/kernel/random/entropy_avail',
  'proc/sys/kernel/osrelease',
  'proc/sys/net/netfilter/nf_conntrack_count',
  'sys/devices/system/cpu/isolated',
  'sys/devices/system/cpu/offline',
  'sys/devices/system/cpu/cpu0/topology/physical_package_id',
  'sys/devices/system/node/node0/cpulist',
  'sys/devices/system/clocksource/clocksource0/current_clocksource',
  'sys/class/dmi/id/product_name',
  'sys/class/net/lo/operstate',
  'sys/class/power_supply',
  'sys/bus/pci/devices',
  'etc/os-release',
  'run/udev/data',
];

/** What only some machines have, and what a machine must not have. */
export const MACHINE_FILES: Record<
  MachineName,
  { readonly present: readonly string[]; readonly absent: readonly string[] }
> = {
  vm: {
    present: [
      'proc/mdstat',
      'sys/block/vda/queue/rotational',
      'sys/class/net/eth0/device/vendor',
      'sys/class/power_supply/BAT0/capacity',
      'sys/class/power_supply/AC/online',
    ],
    absent: [
      'proc/pressure/irq',
      'sys/class/hwmon',
      'sys/class/infiniband',
      'sys/class/nvme',
      'sys/class/thermal',
      'sys/devices/system/cpu/cpu0/cpufreq',
      'sys/devices/system/cpu/cpu0/online',
      'gone',
    ],
  },
  h100: {
    present: [
      'proc/mdstat',
      'sys/block/md0/md/sync_action',
      'sys/class/hwmon/hwmon8/temp1_input',
      'sys/class/infiniband/mlx5_7/ports/1/hw_counters/out_of_sequence',
      'sys/class/infiniband/mlx5_0/device/vendor',
      'sys/class/net/bonding_masters',
      'sys/class/net/bond0/lower_eno1/bonding_slave/mii_status',
      'sys/class/nvme/nvme7/firmware_rev',
      'sys/class/thermal/thermal_zone1/temp',
      'sys/devices/system/cpu/cpu12/cpufreq/scaling_cur_freq',
      'sys/devices/system/cpu/cpu31/thermal_throttle/core_throttle_count',
      'sys/devices/system/edac/mc/mc1/csrow1/ue_count',
      'srv/model store',
    ],
    absent: [
      'proc/pressure/irq',
      'sys/class/power_supply/BAT0',
      'sys/devices/system/cpu/cpu13/topology',
      'sys/class/net/dummy0/carrier',
      'sys/class/thermal/thermal_zone2/temp',
    ],
  },
  spark: {
    present: [
      'etc/dgx-release',
      'proc/pressure/irq',
      'sys/class/infiniband/roceP2p1s0f1/ports/1/state',
      'sys/class/net/wlP9s9/wireless',
      'sys/class/nvme/nvme0/model',
      'sys/devices/system/cpu/cpu0/online',
      'sys/devices/system/cpu/cpu19/cpu_capacity',
      'sys/devices/system/cpu/cpu19/cpufreq/cpuinfo_cur_freq',
      'sys/class/thermal/cooling_device19/cur_state',
      'sys/bus/pci/devices/000f:01:00.0/current_link_width',
    ],
    absent: ['proc/mdstat', 'sys/class/power_supply/BAT0', 'sys/devices/system/edac'],
  },
};
