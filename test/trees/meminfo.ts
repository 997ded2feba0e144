import { lines, type Tree } from './tree.ts';

/**
 * Adds proc/meminfo (fs/proc/meminfo.c): kB for every field but the HugePages counts. A field that
 * the machine's kernel does not have is simply not among the values.
 */
export function meminfo(tree: Tree, values: Record<string, number>): void {
  lines(
    tree,
    'proc/meminfo',
    Object.entries(values).map(([name, value]) => {
      const label = `${name}:`.padEnd(15);
      return name.startsWith('HugePages_')
        ? `${label} ${String(value).padStart(8)}`
        : `${label} ${String(value).padStart(8)} kB`;
    }),
  );
}

/** The fields of a kernel 6.x, in its order, for a machine with this much memory (kB). */
export function kernel6(
  total: number,
  free: number,
  available: number,
  more: Record<string, number>,
): Record<string, number> {
  const part = (numerator: number, denominator: number) =>
    Math.floor(((total - free) * numerator) / denominator);
  const known: Record<string, number> = {
    MemTotal: total,
    MemFree: free,
    MemAvailable: available,
    Buffers: part(3, 811),
    Cached: part(311, 709),
    SwapCached: part(1, 2011),
    Active: part(277, 601),
    Inactive: part(211, 709),
    'Active(anon)': part(97, 601),
    'Inactive(anon)': part(53, 709),
    'Active(file)': part(180, 601),
    'Inactive(file)': part(158, 709),
    Unevictable: part(1, 1013),
    Mlocked: part(1, 1019),
    SwapTotal: 0,
    SwapFree: 0,
    Zswap: 0,
    Zswapped: 0,
    Dirty: part(1, 5003),
    Writeback: part(1, 50_021),
    AnonPages: part(113, 503),
    Mapped: part(29, 1009),
    Shmem: part(17, 1201),
    KReclaimable: part(13, 1103),
    Slab: part(19, 1103),
    SReclaimable: part(12, 1103),
    SUnreclaim: part(7, 1103),
    KernelStack: part(1, 4001),
    PageTables: part(1, 701),
    SecPageTables: part(1, 30_011),
    NFS_Unstable: 0,
    Bounce: 0,
    WritebackTmp: 0,
    CommitLimit: Math.floor(total / 2),
    Committed_AS: part(401, 503),
    VmallocTotal: 34_359_738_367,
    VmallocUsed: part(1, 601),
    VmallocChunk: 0,
    Percpu: part(1, 2503),
    HardwareCorrupted: 0,
    AnonHugePages: part(71, 907),
    ShmemHugePages: 0,
    ShmemPmdMapped: 0,
    FileHugePages: part(1, 7001),
    FilePmdMapped: part(1, 9001),
    Unaccepted: 0,
    Balloon: 0,
    HugePages_Total: 0,
    HugePages_Free: 0,
    HugePages_Rsvd: 0,
    HugePages_Surp: 0,
    Hugepagesize: 2048,
    Hugetlb: 0,
  };
  return { ...known, ...more };
}
