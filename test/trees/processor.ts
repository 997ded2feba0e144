import { range } from './number.ts';

/** One logical CPU of a fixture machine. */
export interface Processor {
  readonly index: number;
  /** Socket: physical_package_id. */
  readonly package: number;
  /** core_id: unique within the socket only. */
  readonly core: number;
  /** NUMA node. */
  readonly node: number;
  readonly online: boolean;
}

/** The numbers of the CPUs that are online. */
export function online(cpus: readonly Processor[]): number[] {
  return cpus.filter((cpu) => cpu.online).map((cpu) => cpu.index);
}

/** Logical CPUs numbered as Linux numbers them on x86: all first threads, then all second ones. */
export function processors(
  sockets: number,
  cores: number,
  threads: number,
  offline: readonly number[] = [],
): Processor[] {
  return range(sockets * cores * threads).map((index) => {
    const physical = index % (sockets * cores);
    const socket = Math.floor(physical / cores);
    return {
      index,
      package: socket,
      core: physical % cores,
      node: socket,
      online: !offline.includes(index),
    };
  });
}
