import { cpuTree, numa } from './cpu.ts';
import { armCpuinfo } from './cpuinfo.ts';
import { disks, diskstats } from './disk.ts';
import { dmi } from './dmi.ts';
import { clocksource, kernel, pressure } from './kernel.ts';
import { kernel6, meminfo } from './meminfo.ts';
import { mounts, procLinks, pseudoMounts } from './mounts.ts';
import { netstat } from './netstat.ts';
import { range } from './number.ts';
import { type Nvme, nvme, nvmeDisks } from './nvme.ts';
import { pci } from './pci.ts';
import { load, schedstat, stat } from './procstat.ts';
import { arp, conntrack, sockstat, softnet, udp } from './sockets.ts';
import { SPARK_CPU, SPARK_HOST, sparkPart } from './spark-cpu.ts';
import { sparkNetwork } from './spark-network.ts';
import { sparkSensors } from './spark-sensors.ts';
import { textfile } from './textfile.ts';
import { lines, type Tree } from './tree.ts';
import { vmstat } from './vmstat.ts';

const KILOBYTES = 127_600_748;

const DISK: Nvme = {
  index: 0,
  device: 'pci0004:00/0004:00:00.0/0004:01:00.0',
  model: 'SAMSUNG MZALC4T0HBL1-00B07',
  serial: 'FX5210',
  firmware: '5.0.0_0B',
  state: 'live',
  size: 8_001_573_552,
  node: -1,
};

function proc(tree: Tree): void {
  const cpus = range(20);
  const spec = {
    host: SPARK_HOST,
    cpus,
    uptimeSeconds: 1_298_406,
    bootTime: 1_762_701_594,
    guests: false,
    interruptLines: 300,
    runnable: 3,
    blocked: 0,
    load: '1.87 2.02 2.46',
    schedstatVersion: 17,
  };
  stat(tree, spec);
  load(tree, spec);
  schedstat(tree, spec);
  meminfo(
    tree,
    kernel6(KILOBYTES, 77_812_340, 115_353_600, {
      SwapCached: 41_208,
      SwapTotal: 16_777_212,
      SwapFree: 15_936_896,
      Zswap: 18_204,
      Zswapped: 61_992,
      VmallocTotal: 133_143_461_888,
      CmaTotal: 262_144,
      CmaFree: 231_908,
    }),
  );
  vmstat(tree, SPARK_HOST, { oom_kill: 1 });
  pressure(tree, SPARK_HOST, { cpuFull: true, irq: true });
  kernel(tree, {
    host: SPARK_HOST,
    domain: '(none)',
    release: '6.17.0-1008-nvidia',
    version: '#8-Ubuntu SMP PREEMPT_DYNAMIC (2026-03-04)',
    cmdline: 'BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p2 ro quiet splash',
    fileNr: [9_872, 0, 9_223_372_036_854_775_807n],
    entropy: { available: 254, poolSize: 256 },
  });
  netstat(tree, SPARK_HOST, { Ip_Forwarding: 1, Tcp_CurrEstab: 58 });
  sockstat(tree, SPARK_HOST, true);
  softnet(tree, SPARK_HOST, cpus, 15);
  udp(tree, SPARK_HOST, 12, true);
  arp(
    tree,
    range(5).map((i) => [`192.0.2.${i + 1}`, i < 3 ? 'enP7s7' : 'wlP9s9'] as const),
  );
  conntrack(tree, SPARK_HOST, 20, 131_072);
}

function storage(tree: Tree): void {
  const list = [
    { name: 'loop0', major: 7, minor: 0, path: 'virtual/block/loop0' },
    ...nvmeDisks(DISK, 0, 2),
  ];
  nvme(tree, DISK);
  disks(tree, list);
  diskstats(tree, SPARK_HOST, list);
  mounts(tree, [
    { device: '/dev/nvme0n1p2', number: '259:2', point: '/', type: 'ext4', optional: 'shared:1' },
    ...pseudoMounts(),
    {
      device: 'efivarfs',
      number: '0:33',
      point: '/sys/firmware/efi/efivars',
      type: 'efivarfs',
      missing: true,
    },
    { device: 'tmpfs', number: '0:34', point: '/run/lock', type: 'tmpfs' },
    { device: '/dev/nvme0n1p1', number: '259:1', point: '/boot/efi', type: 'vfat' },
    { device: '/dev/loop0', number: '7:0', point: '/snap/core/1', type: 'squashfs', options: 'ro' },
    { device: 'tmpfs', number: '0:40', point: '/run/user/1000', type: 'tmpfs' },
  ]);
}

function firmware(tree: Tree): void {
  dmi(tree, {
    bios_date: '02/26/2026',
    bios_release: '5.36',
    bios_vendor: 'American Megatrends International, LLC.',
    bios_version: '5.36_0ACUM018',
    board_asset_tag: '',
    board_name: 'P4242',
    board_serial: 'FXS0021',
    board_vendor: 'NVIDIA',
    board_version: 'A.7',
    chassis_asset_tag: '',
    chassis_serial: 'FXS0022',
    chassis_type: 3,
    chassis_vendor: 'NVIDIA',
    chassis_version: '1.0',
    product_family: 'DGX Spark',
    product_name: 'NVIDIA_DGX_Spark',
    product_serial: 'FXS0023',
    product_sku: 'FX-SKU',
    product_uuid: '6f0c1a52-0000-4000-8000-0000000000b0',
    product_version: 'A.7',
    sys_vendor: 'NVIDIA',
  });
  lines(tree, 'etc/os-release', [
    'PRETTY_NAME="Ubuntu 24.04.4 LTS"',
    'NAME="Ubuntu"',
    'VERSION_ID="24.04"',
    'VERSION="24.04.4 LTS (Noble Numbat)"',
    'VERSION_CODENAME=noble',
    'ID=ubuntu',
    'ID_LIKE=debian',
  ]);
  lines(tree, 'etc/dgx-release', [
    'DGX_NAME="DGX Spark"',
    'DGX_PRETTY_NAME="NVIDIA DGX Spark"',
    'DGX_SWBUILD_DATE="2026-01-15-10-11-12"',
    'DGX_SWBUILD_VERSION="7.2.3"',
    'DGX_COMMIT_ID="f1c5"',
    'DGX_PLATFORM="DGX Spark"',
    'DGX_SERIAL_NUMBER="FXS0023"',
    '',
    'DGX_OTA_VERSION="7.4.0"',
    'DGX_OTA_DATE="Mon Mar  9 08:07:06 UTC 2026"',
  ]);
}

/** A DGX Spark: 20 Arm cores of two kinds, memory that the GPU shares, a ConnectX-7 in two halves. */
export function spark(): Tree {
  const tree: Tree = new Map();
  procLinks(tree);
  proc(tree);
  storage(tree);
  firmware(tree);
  sparkNetwork(tree);
  sparkSensors(tree, DISK, SPARK_CPU.cpus.length);
  armCpuinfo(
    tree,
    SPARK_CPU.cpus.map((cpu) => sparkPart(cpu.index)),
    'fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics sve sve2 bf16 i8mm',
  );
  cpuTree(tree, SPARK_CPU);
  numa(tree, SPARK_CPU, [KILOBYTES]);
  clocksource(tree, ['arch_sys_counter']);
  pci(tree, [
    {
      path: DISK.device,
      vendor: '0x144d',
      device: '0xa810',
      class: '0x010802',
      node: -1,
      driver: 'nvme',
    },
    {
      path: 'pci000f:00/000f:00:00.0/000f:01:00.0',
      vendor: '0x10de',
      device: '0x2e12',
      class: '0x030000',
      node: -1,
      driver: 'nvidia',
      // The GPU is not on a bus: the link that it claims to have is a placeholder.
      link: { speed: '2.5 GT/s PCIe', width: 1, maxSpeed: '2.5 GT/s PCIe', maxWidth: 1 },
    },
  ]);
  textfile(tree, SPARK_HOST);
  return tree;
}
