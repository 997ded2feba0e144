import { type Row, type Signal, signal, signals } from '../signal.ts';

/** `Active(anon)` is `Active_anon` in a metric's name. */
const metricName = (field: string): string =>
  `node_memory_${field.replace(/\((.*)\)/, '_$1').replace(/[^a-zA-Z0-9_]/g, '_')}`;

const bytes = (field: string, help: string, native?: string): Row => ({
  type: 'gauge',
  unit: 'bytes',
  help,
  node: `${metricName(field)}_bytes`,
  ...(native === undefined ? {} : { native }),
});

const count = (field: string, help: string): Row => ({
  type: 'gauge',
  help,
  node: metricName(field),
});

type Rows = Readonly<Record<string, Row>>;

const row = (field: string, help: string, native?: string): Rows => ({
  [field]: bytes(field, help, native),
});

const pages = (field: string, help: string): Rows => ({ [field]: count(field, help) });

/** What is computed from /proc/meminfo. */
export const MEMORY = signals('meminfo', {
  used: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory in use: total minus available.',
    native: 'memory_used_bytes',
  },
  swapUsed: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Swap in use: total minus free.',
    native: 'swap_used_bytes',
  },
});

/** Fields of /proc/meminfo that kernels 4.x to 6.x have. */
export const MEMINFO = signals('meminfo', {
  ...row('MemTotal', 'Memory that the kernel manages.', 'memory_total_bytes'),
  ...row(
    'MemAvailable',
    'Memory that new programs could have without swapping, as the kernel estimates it.',
    'memory_available_bytes',
  ),
  ...row('SwapTotal', 'Size of all swap areas.', 'swap_total_bytes'),
  ...row('SwapFree', 'Swap that holds nothing.'),
  ...row('MemFree', 'Memory that nothing uses, not even a cache.'),
  ...row('Buffers', 'Cache of raw blocks of block devices.'),
  ...row('Cached', 'Page cache of files, shared memory included, swap cache not.'),
  ...row('SwapCached', 'Pages back in memory whose copy in swap is still good.'),
  ...row('Active', 'Memory used recently, reclaimed last.'),
  ...row('Inactive', 'Memory not used recently, reclaimed first.'),
  ...row('Active(anon)', 'Anonymous and shared memory used recently.'),
  ...row('Inactive(anon)', 'Anonymous and shared memory not used recently.'),
  ...row('Active(file)', 'File pages used recently.'),
  ...row('Inactive(file)', 'File pages not used recently.'),
  ...row('Unevictable', 'Pages that cannot be reclaimed.'),
  ...row('Mlocked', 'Pages locked by mlock(2).'),
  ...row('HighTotal', 'Memory that the kernel does not map permanently (32-bit).'),
  ...row('HighFree', 'Part of the not permanently mapped memory that is free (32-bit).'),
  ...row('LowTotal', 'Memory that the kernel maps permanently (32-bit).'),
  ...row('LowFree', 'Part of the permanently mapped memory that is free (32-bit).'),
  ...row('MmapCopy', 'Private copies of file mappings on a machine without MMU.'),
  ...row('Zswap', 'Memory that holds compressed swap pages.'),
  ...row('Zswapped', 'What the compressed swap pages were before compression.'),
  ...row('Dirty', 'File pages that wait to be written.'),
  ...row('Writeback', 'File pages that are being written.'),
  ...row('AnonPages', 'Anonymous memory mapped by processes.'),
  ...row('Mapped', 'File pages mapped by processes.'),
  ...row('Shmem', 'Shared memory and tmpfs.'),
  ...row('KReclaimable', 'Kernel memory that can be reclaimed under pressure.'),
  ...row('Slab', 'Small objects of the kernel.'),
  ...row('SReclaimable', 'Small objects of the kernel that can be reclaimed.'),
  ...row('SUnreclaim', 'Small objects of the kernel that cannot be reclaimed.'),
  ...row('KernelStack', 'Kernel stacks of all threads.'),
  ...row('ShadowCallStack', 'Shadow call stacks of all threads (arm64).'),
  ...row('PageTables', 'Page tables of processes.'),
  ...row('SecPageTables', 'Page tables of virtual machines and IOMMUs.'),
  ...row('Quicklists', 'Page tables kept for reuse (before 5.4).'),
  ...row('NFS_Unstable', 'Pages sent to an NFS server that has not stored them yet.'),
  ...row('Bounce', 'Copies for devices that cannot reach all memory.'),
  ...row('WritebackTmp', 'Copies of pages that FUSE is writing.'),
  ...row('CommitLimit', 'How much may be promised to processes under strict overcommit.'),
  ...row('Committed_AS', 'How much has been promised to processes, used or not.'),
  ...row('VmallocTotal', 'Address space for vmalloc.'),
  ...row('VmallocUsed', 'Memory allocated by vmalloc.'),
  ...row('VmallocChunk', 'Largest free piece of vmalloc address space; 0 since 4.4.'),
  ...row('Percpu', 'Per-CPU allocations of the kernel.'),
  ...row('EarlyMemtestBad', 'Memory that the test at boot found broken.'),
  ...row('HardwareCorrupted', 'Memory taken out of use because of hardware errors.'),
  ...row('AnonHugePages', 'Anonymous memory in transparent huge pages.'),
  ...row('ShmemHugePages', 'Shared memory and tmpfs in huge pages.'),
  ...row('ShmemPmdMapped', 'Shared memory mapped with huge pages.'),
  ...row('FileHugePages', 'Page cache in huge pages.'),
  ...row('FilePmdMapped', 'Page cache mapped with huge pages.'),
  ...row('CmaTotal', 'Memory set aside for large contiguous allocations.'),
  ...row('CmaFree', 'Part of the contiguous area that is free.'),
  ...row('Unaccepted', 'Memory of a confidential guest that it has not accepted yet.'),
  ...row('Balloon', 'Memory given back to the hypervisor.'),
  ...row('GPUActive', 'Memory that GPU drivers have allocated.'),
  ...row('GPUReclaim', 'Memory that GPU drivers could give back.'),
  ...pages('HugePages_Total', 'Reserved huge pages of the default size.'),
  ...pages('HugePages_Free', 'Reserved huge pages that nobody has allocated.'),
  ...pages('HugePages_Rsvd', 'Free huge pages that are promised to somebody.'),
  ...pages('HugePages_Surp', 'Huge pages above the configured number.'),
  ...row('Hugepagesize', 'Default size of a huge page.'),
  ...row('Hugetlb', 'Memory in reserved huge pages of all sizes.'),
  ...row('DirectMap4k', 'Kernel mapping of memory in 4 KiB pages.'),
  ...row('DirectMap64k', 'Kernel mapping of memory in 64 KiB pages.'),
  ...row('DirectMap1M', 'Kernel mapping of memory in 1 MiB pages.'),
  ...row('DirectMap2M', 'Kernel mapping of memory in 2 MiB pages.'),
  ...row('DirectMap4M', 'Kernel mapping of memory in 4 MiB pages.'),
  ...row('DirectMap1G', 'Kernel mapping of memory in 1 GiB pages.'),
  ...row('DirectMap2G', 'Kernel mapping of memory in 2 GiB pages.'),
});

/** The signal of any field; `kilobytes`: the line ends in kB. Vendors' kernels have fields of their own. */
export function meminfoSignal(field: string, kilobytes: boolean): Signal {
  if (Object.hasOwn(MEMINFO, field)) return MEMINFO[field] as Signal;
  const help = `Field ${field} of /proc/meminfo.`;
  return signal('meminfo', field, kilobytes ? bytes(field, help) : count(field, help));
}
