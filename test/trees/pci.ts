import { type Attribute, attributes, link, runtimePower, type Tree } from './tree.ts';

/** A PCI device; `path` is its place below sys/devices, bridges included. */
export interface PciDevice {
  readonly path: string;
  readonly vendor: string;
  readonly device: string;
  readonly class: string;
  /** -1 when the machine has no NUMA. */
  readonly node: number;
  readonly driver?: string;
  readonly link?: PciLink;
  readonly more?: Record<string, Attribute>;
}

/** Speed (`32.0 GT/s PCIe`) and width of a link, now and at most. */
export interface PciLink {
  readonly speed: string;
  readonly width: number;
  readonly maxSpeed: string;
  readonly maxWidth: number;
}

/** A link that trained to all it can. */
export function fullLink(speed: string, width: number): PciLink {
  return { speed, width, maxSpeed: speed, maxWidth: width };
}

/** Adds PCI devices with the links of the bus and of their drivers. */
export function pci(tree: Tree, devices: readonly PciDevice[]): void {
  for (const it of devices) {
    const base = `sys/devices/${it.path}`;
    const address = it.path.slice(it.path.lastIndexOf('/') + 1);
    attributes(tree, base, {
      vendor: it.vendor,
      device: it.device,
      class: it.class,
      enable: 1,
      numa_node: it.node,
      revision: '0x00',
      subsystem_device: '0x0001',
      subsystem_vendor: it.vendor,
      uevent: `PCI_SLOT_NAME=${address}`,
      ...it.more,
    });
    if (it.link !== undefined) {
      attributes(tree, base, {
        current_link_speed: it.link.speed,
        current_link_width: it.link.width,
        max_link_speed: it.link.maxSpeed,
        max_link_width: it.link.maxWidth,
      });
    }
    runtimePower(tree, base);
    link(tree, `${base}/subsystem`, 'sys/bus/pci');
    link(tree, `sys/bus/pci/devices/${address}`, base);
    if (it.driver === undefined) continue;
    link(tree, `${base}/driver`, `sys/bus/pci/drivers/${it.driver}`);
    link(tree, `sys/bus/pci/drivers/${it.driver}/${address}`, base);
  }
}
