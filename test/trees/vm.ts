import { cpuTree, numa } from './cpu.ts';
import { intelCpuinfo } from './cpuinfo.ts';
import { disks, diskstats } from './disk.ts';
import { clocksource, kernel, pressure } from './kernel.ts';
import { kernel6, meminfo } from './meminfo.ts';
import { mounts, procLinks, pseudoMounts } from './mounts.ts';
import { netClass, netDev } from './netdev.ts';
import { netstat } from './netstat.ts';
import { pci } from './pci.ts';
import { processors } from './processor.ts';
import { load, schedstat, stat } from './procstat.ts';
import { arp, conntrack, sockstat, softnet, udp } from './sockets.ts';
import { textfile } from './textfile.ts';
import { lines, type Tree } from './tree.ts';
import { VM_BLOCK, VM_DISKS, VM_INTERFACES, VM_NIC, vmFirmware, vmVirtio } from './vm-devices.ts';
import { vmstat } from './vmstat.ts';

const HOST = 'fixture-vm';
function proc(tree: Tree): void {
  const cpus = [0, 1];
  const spec = {
    host: HOST,
    cpus,
    uptimeSeconds: 864_213,
    bootTime: 1_763_135_787,
    guests: false,
    interruptLines: 60,
    runnable: 2,
    blocked: 1,
    load: '0.42 0.37 0.29',
    schedstatVersion: 15,
  };
  stat(tree, spec);
  load(tree, spec);
  schedstat(tree, spec);
  meminfo(
    tree,
    kernel6(4_018_464, 312_816, 2_604_128, {
      SwapCached: 3_212,
      SwapTotal: 1_048_572,
      SwapFree: 911_340,
      DirectMap4k: 188_392,
      DirectMap2M: 4_005_888,
    }),
  );
  vmstat(tree, HOST, { oom_kill: 3, pswpin: 20_511, pswpout: 87_013 });
  diskstats(tree, HOST, VM_DISKS);
  lines(tree, 'proc/mdstat', ['Personalities : ', 'unused devices: <none>']);
  pressure(tree, HOST, { cpuFull: false, irq: false });
  kernel(tree, {
    host: HOST,
    domain: '(none)',
    release: '6.1.0-30-cloud-amd64',
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.124-1 (2026-01-12)',
    cmdline: 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro console=ttyS0',
    fileNr: [1_248, 0, 9_223_372_036_854_775_807n],
    entropy: { available: 256, poolSize: 256 },
  });
}

function net(tree: Tree): void {
  netDev(tree, VM_INTERFACES);
  for (const it of VM_INTERFACES) netClass(tree, it);
  netstat(tree, HOST, { Ip_Forwarding: 2, Tcp_CurrEstab: 37 });
  sockstat(tree, HOST, true);
  softnet(tree, HOST, [0, 1], 11);
  udp(tree, HOST, 3, true);
  arp(tree, [['192.0.2.1', 'eth0']]);
  conntrack(tree, HOST, 2, 65_536);
}

function filesystems(tree: Tree): void {
  mounts(tree, [
    { device: '/dev/vda1', number: '254:1', point: '/', type: 'ext4', optional: 'shared:1' },
    ...pseudoMounts(),
    { device: '/dev/vda15', number: '254:15', point: '/boot/efi', type: 'vfat' },
    {
      device: '/dev/mapper/data-srv',
      number: '253:0',
      point: '/srv',
      type: 'ext4',
      options: 'ro,noatime',
      optional: 'shared:41 master:7',
    },
    { device: '/dev/sr0', number: '11:0', point: '/media/cdrom', type: 'iso9660', missing: true },
    // Mounted, but nothing is there any more.
    { device: '/dev/vdz1', number: '254:401', point: '/gone', type: 'xfs', missing: true },
  ]);
}

/**
 * A small virtual machine: 2 CPUs without frequency scaling, virtio disk and network, no sensors.
 * It stands for what is missing on many machines; the battery is there to have one somewhere.
 */
export function vm(): Tree {
  const tree: Tree = new Map();
  const cpus = processors(1, 2, 1);
  const cpu = { host: HOST, cpus, isolated: '', cpu0Online: false };
  procLinks(tree);
  proc(tree);
  net(tree);
  filesystems(tree);
  vmFirmware(tree);
  intelCpuinfo(tree, HOST, cpus, {
    family: 6,
    model: 85,
    name: 'Intel Xeon Processor (Cascadelake)',
    stepping: 6,
    microcode: '0x1',
    cache: '16384 KB',
    flags: 'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr hypervisor',
    bugs: 'spectre_v1 spectre_v2 spec_store_bypass',
  });
  cpuTree(tree, cpu);
  numa(tree, cpu, [4_018_464]);
  clocksource(tree, ['kvm-clock', 'tsc', 'acpi_pm']);
  pci(tree, [
    {
      path: VM_NIC,
      vendor: '0x1af4',
      device: '0x1041',
      class: '0x020000',
      node: -1,
      driver: 'virtio-pci',
    },
    {
      path: VM_BLOCK,
      vendor: '0x1af4',
      device: '0x1042',
      class: '0x010000',
      node: -1,
      driver: 'virtio-pci',
    },
  ]);
  vmVirtio(tree);
  disks(tree, VM_DISKS);
  textfile(tree, HOST);
  return tree;
}
