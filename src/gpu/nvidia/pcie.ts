/** The PCIe link: how it runs, what went wrong on it. */
import { GPU_PCIE, GPU_PCIE_ERRORS, PCIE_ERROR_FIELDS } from '../../catalog/gpu/pcie.ts';
import type { Gpu, Group, Reading } from './group.ts';
import { nonZero, u32 } from './policy.ts';
import { fields, one, Table } from './table.ts';

/** A GPU in one chip with the CPU says Generation 1, one lane, whatever is between them. */
export const onLink =
  (make: (gpu: Gpu) => Reading | undefined) =>
  (gpu: Gpu): Reading | undefined =>
    gpu.integrated ? undefined : make(gpu);

/** No link has generation 0 or no lanes. */
const positive = (x: number): number => nonZero(u32(x));

export const pcie: Group = {
  name: 'pcie',
  every: 10,
  attach: onLink((gpu) => {
    const { nvml, handle } = gpu;
    return new Table(gpu, [
      one(gpu, GPU_PCIE.generation, () => nvml.u32('currPcieLinkGeneration', handle), positive),
      one(gpu, GPU_PCIE.generationMax, () => nvml.u32('maxPcieLinkGeneration', handle), positive),
      one(gpu, GPU_PCIE.width, () => nvml.u32('currPcieLinkWidth', handle), positive),
      one(gpu, GPU_PCIE.widthMax, () => nvml.u32('maxPcieLinkWidth', handle), positive),
      one(gpu, GPU_PCIE.replays, () => nvml.u32('pcieReplayCounter', handle), u32),
    ]);
  }),
};

export const pcieErrors: Group = {
  name: 'pcie_errors',
  every: 10,
  attach: onLink(
    (gpu) =>
      new Table(gpu, [
        fields(
          gpu,
          Object.entries(PCIE_ERROR_FIELDS).map(([id, error]) => ({
            id: Number(id),
            series: [GPU_PCIE_ERRORS.errors, { error }],
            policy: u32,
          })),
        ),
      ]),
  ),
};
