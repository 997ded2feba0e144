/**
 * What a card is: the facts that its series carry, and gpu_info. From files alone, whichever back end reads the
 * numbers, and only from such as do not wake a card that sleeps.
 */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { Attributes, readText } from './attribute.ts';
import type { Card } from './backend.ts';
import type { KfdNode } from './kfd.ts';
import { marketingName } from './marketing-name.ts';

export interface Identity {
  readonly facts: GpuFacts;
  /** Labels of gpu_info. */
  readonly info: Readonly<Record<string, string>>;
}

export interface IdentityOptions {
  readonly rootfs: string;
  readonly driver: string | undefined;
  /** Facts of every series that are not the GPU's: the name of the host. */
  readonly host: Readonly<Record<string, string>>;
}

/** Of an address as sysfs has it: with eight digits of domain, as the other vendor's tools write it. */
export const pciBusId = (address: string): string =>
  address.toUpperCase().padStart('00000000:00:00.0'.length, '0');

/** `index`: the number of the card among AMD's. */
export function identify(
  card: Card,
  index: number,
  nodes: readonly KfdNode[],
  { rootfs, driver, host }: IdentityOptions,
): Identity {
  const files = new Attributes(card.directory);
  const id = (name: string): string => files.text(name)?.replace(/^0x/, '').toLowerCase() ?? '';
  const ids = { device: id('device'), revision: id('revision').padStart(2, '0') };
  const facts: GpuFacts = {
    device: String(index),
    uuid: uuidOf(card),
    name: files.text('product_name') ?? marketingName(rootfs, ids) ?? `AMD GPU 0x${ids.device}`,
    pci_bus_id: pciBusId(card.address),
    minor: `card${card.minor}`,
    ...(driver === undefined ? {} : { driver }),
    ...host,
    shared: 'no',
  };
  const node = files.text('numa_node');
  return {
    facts,
    info: {
      ...facts,
      vendor: 'amd',
      ...said('architecture', nodes[0]?.architecture),
      ...said('serial', files.text('serial_number')?.replace(/^0+$/, '')),
      ...said('part_number', files.text('product_number')),
      ...said('vbios_version', files.text('vbios_version')),
      ...said('numa_node', node === '-1' ? undefined : node),
    },
  };
}

/** As ROCm writes it; by its place where the chip has no number of its own, as many Radeon cards and APUs. */
export function uuidOf(card: Card): string {
  const unique = readText(`${card.directory}/unique_id`)?.replace(/^0x/, '') ?? '';
  return /^0*$/.test(unique) ? `PCI-${card.address}` : `GPU-${unique.padStart(16, '0')}`;
}

const said = (label: string, value: string | undefined): Record<string, string> =>
  value === undefined || value === '' ? {} : { [label]: value };

/** Labels of gpu_driver_info. In-tree drivers have no version but the kernel's. */
export function driverLabels(
  driver: string | undefined,
  library: string | undefined,
  rocm: string | undefined,
): Record<string, string> {
  return {
    vendor: 'amd',
    ...said('driver_version', driver),
    ...said('library_version', library),
    ...said('compute_version', rocm),
  };
}

/** Version of the driver where it was built on its own. */
export const driverVersion = (sysfs: string): string | undefined =>
  readText(`${sysfs}/module/amdgpu/version`);

/** Version of ROCm where it is installed: `6.1.2-90` is 6.1.2. */
export const rocmVersion = (rootfs: string): string | undefined =>
  readText(`${rootfs}/opt/rocm/.info/version`)?.replace(/-.*/, '');
