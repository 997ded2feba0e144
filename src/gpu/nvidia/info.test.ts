import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { Machine } from './machine.fixture.ts';
import { NEEDS } from './reading.fixture.ts';

testWith(NEEDS, 'a label whose value the driver does not know is left out', () => {
  using machine = new Machine('sentinels');
  expect(machine.poll('info')).toEqual([
    'info{device="0",uuid="GPU-ffffffff-ffff-4fff-8fff-ffffffffffff",name="NVIDIA Sentinel",vendor="nvidia",pci_bus_id="00000000:FF:1F.0"} 1',
  ]);
});

testWith(NEEDS, 'an old driver says what it knows', () => {
  using machine = new Machine('driver470');
  expect(machine.poll('info')).toEqual([
    'info{device="0",uuid="GPU-2f8b0c64-17e9-3d5a-b0c2-95a7e4d86f13",name="Tesla T4",vendor="nvidia",architecture="Turing",compute_capability="7.5",pci_bus_id="00000000:3B:00.0",minor="nvidia0",serial="0324119044871",part_number="900-2G183-0000-001",vbios_version="90.04.38.00.03",inforom_version="G183.0200.00.02"} 1',
  ]);
});

testWith(NEEDS, 'a GB10 and a Tegra are integrated, known by name or by compute capability', () => {
  const integrated = (scenario: string, set: Readonly<Record<string, string | number>> = {}) => {
    let seen: boolean | undefined;
    using machine = new Machine(scenario, {
      set: { 'gpu 0': set },
      groups: [
        {
          name: 'power',
          every: 1,
          attach(gpu) {
            seen = gpu.integrated;
            return undefined;
          },
        },
      ],
    });
    machine.poll();
    return seen;
  };
  const twelve = { 'CudaComputeCapability.major': 12, 'CudaComputeCapability.minor': 1 };
  expect(integrated('gb10')).toBe(true);
  expect(integrated('gb10', { Name: 'NVIDIA N1X' })).toBe(true);
  expect(integrated('gb10', { CudaComputeCapability: 'NOT_SUPPORTED' })).toBe(true);
  expect(integrated('rtx4090', { Name: 'NVIDIA Thor' })).toBe(true);
  expect(integrated('rtx4090')).toBe(false);
  expect(integrated('rtx4090', { ...twelve, 'CudaComputeCapability.minor': 0 })).toBe(false);
  // Coherent with its CPU, and yet with memory of its own.
  expect(integrated('h200x8', { AddressingMode: 2 })).toBe(false);
});
