import type { Disk } from './disk.ts';
import { dmi } from './dmi.ts';
import { busy, type Interface } from './netdev.ts';
import { powerSupply } from './powersupply.ts';
import { attributes, lines, type Tree } from './tree.ts';

/** The PCI device of the network card. */
export const VM_NIC = 'pci0000:00/0000:00:03.0';
/** The PCI device of the disk. */
export const VM_BLOCK = 'pci0000:00/0000:00:04.0';

/** Disks whose lines in diskstats are of three kernels: each reader has to go by the line's length. */
export const VM_DISKS: readonly Disk[] = [
  { name: 'loop0', major: 7, minor: 0, path: 'virtual/block/loop0', unused: true },
  {
    name: 'vda',
    major: 254,
    minor: 0,
    path: `${VM_BLOCK}/virtio1/block/vda`,
    device: `${VM_BLOCK}/virtio1`,
    size: 83_886_080,
    rotational: 1,
    fields: 11,
    udev: { ID_PATH: 'pci-0000:00:04.0', ID_PART_TABLE_TYPE: 'gpt' },
  },
  { name: 'vda1', major: 254, minor: 1, fields: 11 },
  { name: 'vda14', major: 254, minor: 14, fields: 11 },
  {
    name: 'sr0',
    major: 11,
    minor: 0,
    path: 'pci0000:00/0000:00:01.1/ata1/host0/target0:0:0/0:0:0:0/block/sr0',
    size: 2_097_151,
    rotational: 1,
    fields: 15,
    udev: {
      ID_ATA: '1',
      ID_ATA_WRITE_CACHE: '1',
      ID_ATA_WRITE_CACHE_ENABLED: '0',
      ID_ATA_ROTATION_RATE_RPM: '5400',
      ID_MODEL: 'Fixture_DVD-ROM',
      ID_REVISION: '2.5+',
      ID_SERIAL_SHORT: 'DVD00003',
      SCSI_IDENT_SERIAL: 'SCSI00003',
    },
  },
  {
    name: 'dm-0',
    major: 253,
    minor: 0,
    path: 'virtual/block/dm-0',
    size: 41_943_040,
    udev: {
      DM_NAME: 'data-srv',
      DM_UUID: 'LVM-fixture0001',
      DM_VG_NAME: 'data',
      DM_LV_NAME: 'srv',
      ID_FS_TYPE: 'ext4',
      ID_FS_USAGE: 'filesystem',
      ID_FS_UUID: '6f0c1a52-0000-4000-8000-00000000feed',
      ID_FS_VERSION: '1.0',
    },
  },
];

/** Loopback and one virtio card. */
export const VM_INTERFACES: readonly Interface[] = [
  {
    name: 'lo',
    index: 1,
    address: '00:00:00:00:00:00',
    traffic: busy('vm lo'),
    state: 'unknown',
    carrier: 1,
    mtu: 65_536,
    flags: '0x9',
    more: { type: 772 },
  },
  {
    name: 'eth0',
    index: 2,
    address: '52:54:00:00:00:01',
    traffic: busy('vm eth0'),
    state: 'up',
    device: `${VM_NIC}/virtio0`,
    carrier: 1,
    // virtio does not know how fast it is.
    speed: -1,
    duplex: 'unknown',
    ups: 2,
    more: { ifalias: 'uplink to "tap7"' },
  },
];

/** Adds the virtio devices that lie between the PCI devices and what they carry. */
export function vmVirtio(tree: Tree): void {
  attributes(tree, `sys/devices/${VM_NIC}/virtio0`, { device: '0x0001', vendor: '0x1af4' });
  attributes(tree, `sys/devices/${VM_BLOCK}/virtio1`, { device: '0x0002', vendor: '0x1af4' });
}

/** Adds DMI, a battery with its adapter, and etc/os-release. */
export function vmFirmware(tree: Tree): void {
  dmi(tree, {
    bios_date: '04/01/2014',
    bios_release: '0.0',
    bios_vendor: 'SeaBIOS',
    bios_version: '1.16.2-debian-1.16.2-1',
    chassis_asset_tag: '',
    chassis_serial: '',
    chassis_type: 1,
    chassis_vendor: 'QEMU',
    chassis_version: 'pc-q35-7.2',
    product_family: '',
    product_name: 'Standard PC (Q35 + ICH9, 2009)',
    product_serial: '',
    product_sku: '',
    product_uuid: '6f0c1a52-0000-4000-8000-000000000001',
    product_version: 'pc-q35-7.2',
    sys_vendor: 'QEMU',
  });
  powerSupply(tree, 'BAT0', 'PNP0C0A:00', {
    alarm: 241_000,
    capacity: 87,
    capacity_level: 'Normal',
    charge_full: 4_520_000,
    charge_full_design: 5_100_000,
    charge_now: 3_932_000,
    current_now: 611_000,
    cycle_count: 213,
    manufacturer: 'Fixture Cells',
    model_name: 'FX-48',
    power_now: 7_214_000,
    present: 1,
    serial_number: '00417',
    status: 'Discharging',
    technology: 'Li-ion',
    temp: 298,
    time_to_empty_now: 23_100,
    type: 'Battery',
    voltage_min_design: 11_400_000,
    voltage_now: 11_812_000,
  });
  powerSupply(tree, 'AC', 'ACPI0003:00', { online: 0, type: 'Mains' });
  lines(tree, 'etc/os-release', [
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
    'NAME="Debian GNU/Linux"',
    'VERSION_ID="12"',
    'VERSION="12 (bookworm)"',
    'VERSION_CODENAME=bookworm',
    'ID=debian',
    'HOME_URL="https://www.debian.org/"',
  ]);
}
