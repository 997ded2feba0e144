/**
 * amdkfd, the driver's part for computing: its topology says which of its ids are a card's. See the kernel's
 * drivers/gpu/drm/amd/amdkfd/kfd_topology.c; there is no other description.
 */
import { list, readText } from './attribute.ts';

export interface KfdNode {
  /** By which files of processes name it; decimal. */
  readonly id: string;
  /** `gfx942` */
  readonly architecture: string | undefined;
}

/** Address of a PCI device → its nodes; an MI300 that is cut into partitions has several. */
export type KfdTopology = ReadonlyMap<string, readonly KfdNode[]>;

const FOLDER = 'class/kfd/kfd/topology';

/** Rises when a node comes or goes; undefined without KFD. */
export const kfdGeneration = (sysfs: string): string | undefined =>
  readText(`${sysfs}/${FOLDER}/generation_id`);

/** Empty without KFD, or where this process may not see its nodes. */
export function kfdTopology(sysfs: string): KfdTopology {
  const nodes = new Map<string, KfdNode[]>();
  const names = list(`${sysfs}/${FOLDER}/nodes`).sort((a, b) => Number(a) - Number(b));
  for (const name of names) {
    const directory = `${sysfs}/${FOLDER}/nodes/${name}`;
    const id = readText(`${directory}/gpu_id`);
    if (id === undefined || id === '0') continue;
    const read = properties(readText(`${directory}/properties`) ?? '');
    const address = addressOf(read('domain'), read('location_id'));
    const node = { id, architecture: architecture(read('gfx_target_version')) };
    nodes.set(address, [...(nodes.get(address) ?? []), node]);
  }
  return nodes;
}

const properties =
  (text: string) =>
  (name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);

/** The lower half of a location is bus, device and function; the highest four bits are the partition. */
function addressOf(domain: number, location: number): string {
  const hex = (x: number, digits: number): string => x.toString(16).padStart(digits, '0');
  const place = location & 0xffff;
  return `${hex(domain || 0, 4)}:${hex(place >> 8, 2)}:${hex((place >> 3) & 31, 2)}.${place & 7}`;
}

/** 90402 is gfx942: major, minor and stepping, the last two a hexadecimal digit each. */
function architecture(version: number): string | undefined {
  if (!(version > 0)) return undefined;
  const minor = Math.floor(version / 100) % 100;
  return `gfx${Math.floor(version / 10_000)}${minor.toString(16)}${(version % 100).toString(16)}`;
}
