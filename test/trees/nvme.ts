import type { Disk } from './disk.ts';
import { attributes, link, runtimePower, type Tree } from './tree.ts';

/** One NVMe controller with one namespace. */
export interface Nvme {
  readonly index: number;
  /** The PCI device below sys/devices. */
  readonly device: string;
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly state: string;
  /** Sectors of 512 bytes. */
  readonly size: number;
  readonly node: number;
}

/** Where the controller lies below sys/devices. */
export function nvmePath(it: Nvme): string {
  return `${it.device}/nvme/nvme${it.index}`;
}

/** Adds a controller and its class link. Model and serial are padded, as the disk reports them. */
export function nvme(tree: Tree, it: Nvme): void {
  const base = `sys/devices/${nvmePath(it)}`;
  attributes(tree, base, {
    address: it.device.slice(it.device.lastIndexOf('/') + 1),
    cntlid: it.index + 1,
    cntrltype: 'io',
    firmware_rev: it.firmware.padEnd(8),
    kato: 0,
    model: it.model.padEnd(40),
    numa_node: it.node,
    queue_count: 33,
    serial: it.serial.padEnd(20),
    sqsize: 1023,
    state: it.state,
    subsysnqn: `nqn.2026-01.test.fixture:nvme:${it.serial}`,
    transport: 'pcie',
    uevent: `NVME_TRTYPE=pcie`,
  });
  runtimePower(tree, base);
  link(tree, `${base}/device`, `sys/devices/${it.device}`);
  link(tree, `${base}/subsystem`, 'sys/class/nvme');
  link(tree, `sys/class/nvme/nvme${it.index}`, base);
  attributes(tree, `${base}/nvme${it.index}n1`, {
    nsid: 1,
    nuse: Math.floor(it.size / 3),
    wwid: `eui.0025${it.serial.padStart(12, '0')}`,
  });
}

/** The block device of the namespace and its partitions, at consecutive minor numbers. */
export function nvmeDisks(it: Nvme, minor: number, partitions: number): Disk[] {
  const name = `nvme${it.index}n1`;
  const whole: Disk = {
    name,
    major: 259,
    minor,
    path: `${nvmePath(it)}/${name}`,
    device: nvmePath(it),
    size: it.size,
    udev: {
      ID_MODEL: it.model.replaceAll(' ', '_'),
      ID_PATH: `pci-${it.device.slice(it.device.lastIndexOf('/') + 1)}-nvme-1`,
      ID_REVISION: it.firmware,
      ID_SERIAL_SHORT: it.serial,
      ID_WWN: `eui.0025${it.serial.padStart(12, '0')}`,
    },
  };
  return [
    whole,
    ...Array.from({ length: partitions }, (_, i) => ({
      name: `${name}p${i + 1}`,
      major: 259,
      minor: minor + i + 1,
      path: `${nvmePath(it)}/${name}/${name}p${i + 1}`,
      partition: i + 1,
      size: Math.floor(it.size / (partitions + i + 1)),
    })),
  ];
}
