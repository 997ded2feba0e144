/**
 * What goes over PCIe. GPM measures it best; without it the driver's counters tell, if they have 64 bits; if
 * they may have 32, two readings close together; and without counters a call that measures by itself.
 */
import { GPU_PCIE_THROUGHPUT } from '../../catalog/gpu/pcie.ts';
import type { Group } from './group.ts';
import { onLink } from './pcie.ts';
import { counterKind, PcieCounters, PcieWindow } from './pcie-counters.ts';
import { measuresPcie, PcieGpm } from './pcie-gpm.ts';
import { u32 } from './policy.ts';
import { one, Table } from './table.ts';

export const pcieThroughput: Group = {
  name: 'pcie_throughput',
  every: 1,
  attach: onLink((gpu) => {
    const counters = counterKind(gpu);
    if (measuresPcie(gpu)) return new PcieGpm(gpu, counters !== 'none');
    return counters === 'wide' ? new PcieCounters(gpu) : undefined;
  }),
};

/** What blocks, by 20 ms or by 20 ms per direction: for GPUs that have nothing better. */
export const pcieThroughputBlocking: Group = {
  name: 'pcie_throughput',
  every: 10,
  attach: onLink((gpu) => {
    const counters = counterKind(gpu);
    if (measuresPcie(gpu) || counters === 'wide') return undefined;
    if (counters === 'narrow') return new PcieWindow(gpu);
    const { transmitRate, receiveRate } = GPU_PCIE_THROUGHPUT;
    return new Table(
      gpu,
      [transmitRate, receiveRate].map((series, direction) =>
        one(
          gpu,
          series,
          () => gpu.nvml.u32('pcieThroughput', gpu.handle, direction),
          (x) => u32(x) * KB,
        ),
      ),
    );
  }),
};

/** NVML's KB: its header writes KiB where it means 1024, as of the counters of NVLink, and here it does not. */
const KB = 1000;
