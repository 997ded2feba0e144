import { type CpuTree, cpuTree, numa, type Scaling } from './cpu.ts';
import { intelCpuinfo } from './cpuinfo.ts';
import { dmi } from './dmi.ts';
import { h100Network } from './h100-network.ts';
import { h100Gpus, h100Sensors } from './h100-sensors.ts';
import { h100Storage } from './h100-storage.ts';
import { clocksource, kernel, pressure } from './kernel.ts';
import { kernel6, meminfo } from './meminfo.ts';
import { procLinks } from './mounts.ts';
import { netstat } from './netstat.ts';
import { pick } from './number.ts';
import { fullLink, pci } from './pci.ts';
import { online, type Processor, processors } from './processor.ts';
import { load, schedstat, stat } from './procstat.ts';
import { arp, conntrack, sockstat, softnet, udp } from './sockets.ts';
import { textfile } from './textfile.ts';
import { lines, type Tree } from './tree.ts';
import { vmstat } from './vmstat.ts';

const HOST = 'fixture-h100';

/**
 * 2 sockets of 8 cores of 2 threads. CPU 13 is taken offline, so that in files of one line per CPU
 * the number of the line is not the number of the CPU.
 */
const CPUS = processors(2, 8, 2, [13]);

const CPU: CpuTree = {
  host: HOST,
  cpus: CPUS,
  isolated: '6-7,22-23',
  cpu0Online: false,
  throttle: true,
  scaling: (cpu: Processor): Scaling => ({
    driver: 'intel_pstate',
    governor: cpu.package === 0 ? 'performance' : 'powersave',
    governors: 'performance powersave',
    hardware: [800_000, 3_800_000],
    limits: [900_000 + cpu.index, 3_700_000 + cpu.index],
    current: pick(`${HOST} frequency ${cpu.index}`, 1_000_000, 3_700_000),
  }),
};

function proc(tree: Tree): void {
  const cpus = online(CPUS);
  const spec = {
    host: HOST,
    cpus,
    uptimeSeconds: 7_842_119,
    bootTime: 1_756_157_881,
    guests: true,
    interruptLines: 900,
    runnable: 47,
    blocked: 5,
    load: '61.07 58.34 52.90',
    schedstatVersion: 15,
  };
  stat(tree, spec);
  load(tree, spec);
  schedstat(tree, spec);
  const hugepages = { HugePages_Total: 2_048, HugePages_Free: 512, HugePages_Rsvd: 64 };
  meminfo(
    tree,
    kernel6(2_113_396_012, 1_208_831_204, 1_874_416_348, {
      ...hugepages,
      HugePages_Surp: 3,
      Hugetlb: 4_194_304,
      HardwareCorrupted: 12,
      ShmemHugePages: 2_048,
      ShmemPmdMapped: 1_024,
      DirectMap4k: 1_871_104,
      DirectMap2M: 91_172_864,
      DirectMap1G: 2_055_208_960,
    }),
  );
  vmstat(tree, HOST, { oom_kill: 0, pgfault: 9_007_199_254_740_993n, pswpin: 0, pswpout: 0 });
  pressure(tree, HOST, { cpuFull: true, irq: false });
  kernel(tree, {
    host: HOST,
    domain: 'rack7.test',
    release: '6.2.0-1018-nvidia',
    version: '#18-Ubuntu SMP PREEMPT_DYNAMIC (2026-02-03)',
    cmdline: 'BOOT_IMAGE=/boot/vmlinuz root=/dev/md1 ro isolcpus=6-7,22-23',
    fileNr: [38_912, 0, 211_312_640n],
    entropy: { available: 255, poolSize: 256 },
  });
  netstat(tree, HOST, {
    Ip_Forwarding: 1,
    IpExt_InOctets: 18_446_744_073_709_500_001n,
    Tcp_CurrEstab: 412,
  });
  sockstat(tree, HOST, true);
  softnet(tree, HOST, cpus, 13);
  udp(tree, HOST, 40, true);
  arp(tree, [
    ['192.0.2.1', 'bond0'],
    ['192.0.2.7', 'bond0'],
    ['198.51.100.1', 'bond0.100'],
    ['172.17.0.2', 'docker0'],
    ['172.17.0.3', 'docker0'],
  ]);
  conntrack(tree, HOST, cpus.length, 262_144);
}

function firmware(tree: Tree): void {
  dmi(tree, {
    bios_date: '11/14/2025',
    bios_release: '5.32',
    bios_vendor: 'American Megatrends International, LLC.',
    bios_version: '2.4a',
    board_asset_tag: 'To be filled by O.E.M.',
    board_name: 'X13DEG-OAD',
    board_serial: 'FXB0017',
    board_vendor: 'Supermicro',
    board_version: '1.01',
    // Not UTF-8: firmware has no opinion on encodings.
    chassis_asset_tag: new Uint8Array([0x52, 0x61, 0x63, 0x6b, 0x20, 0xe9, 0x37, 0x0a]),
    chassis_serial: 'FXC0018',
    chassis_type: 23,
    chassis_vendor: 'Supermicro',
    chassis_version: '0123456789',
    product_family: 'SMC X13',
    product_name: 'SYS-821GE-TNHR',
    product_serial: 'FXP0019',
    product_sku: '0x1D1415D9',
    product_uuid: '6f0c1a52-0000-4000-8000-0000000000a0',
    product_version: '0123456789',
    sys_vendor: 'Supermicro',
  });
  lines(tree, 'etc/os-release', [
    'PRETTY_NAME="Ubuntu 22.04.5 LTS"',
    'NAME="Ubuntu"',
    'VERSION_ID="22.04"',
    'VERSION="22.04.5 LTS (Jammy Jellyfish)"',
    'VERSION_CODENAME=jammy',
    'ID=ubuntu',
    'ID_LIKE=debian',
    'SUPPORT_END=2032-04-09',
  ]);
}

/** A host for eight H100: two sockets, eight RoCE HCAs, eight NVMe disks, sensors of every kind. */
export function h100(): Tree {
  const tree: Tree = new Map();
  procLinks(tree);
  proc(tree);
  firmware(tree);
  h100Network(tree);
  h100Storage(tree, HOST);
  h100Sensors(tree, HOST, online(CPUS));
  intelCpuinfo(tree, HOST, CPUS, {
    family: 6,
    model: 143,
    name: 'Intel(R) Xeon(R) Platinum 8480C',
    stepping: 8,
    microcode: '0x2b000603',
    cache: '107520 KB',
    flags: 'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov amx_tile',
    bugs: 'spectre_v1 spectre_v2 spec_store_bypass swapgs eibrs_pbrsb',
  });
  cpuTree(tree, CPU);
  numa(tree, CPU, [1_056_569_232, 1_056_826_780]);
  clocksource(tree, ['tsc', 'hpet', 'acpi_pm']);
  pci(
    tree,
    h100Gpus().map(({ path, node }) => ({
      path,
      vendor: '0x10de',
      device: '0x2330',
      class: '0x030200',
      node,
      driver: 'nvidia',
      link: fullLink('32.0 GT/s PCIe', 16),
    })),
  );
  textfile(tree, HOST);
  return tree;
}
