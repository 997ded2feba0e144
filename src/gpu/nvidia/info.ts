/** What a GPU is: the facts that its series carry, and gpu_info. Asked once. */
import { type Nvml, type Pci, type TextCall, U32_ALL_ONES } from '../../../ffi/nvml.ts';
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import { GPU_INFO } from '../../catalog/gpu/info.ts';
import type { Gpu, Reading } from './group.ts';
import { u32 } from './policy.ts';

/** Labels of gpu_driver_info. */
export type DriverLabels = Readonly<Record<string, string>>;

/** nvmlDeviceArchitecture_t. */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  2: 'Kepler',
  3: 'Maxwell',
  4: 'Pascal',
  5: 'Volta',
  6: 'Turing',
  7: 'Ampere',
  8: 'Ada',
  9: 'Hopper',
  10: 'Blackwell',
};

/**
 * Compute capabilities of chips with CPU and GPU in one: Xavier, Orin, Thor (twice: it was renumbered),
 * GB10. NVML has no call that says it.
 */
const INTEGRATED: ReadonlySet<string> = new Set(['7.2', '8.7', '10.1', '11.0', '12.1']);
const INTEGRATED_NAME = /\b(GB10|Thor|Orin|Xavier|Tegra)\b/;

/** What a GPU is asked for when it is found. `uuid` is known by then. */
export function describe(
  nvml: Nvml,
  handle: number,
  index: number,
  uuid: string,
  host: Readonly<Record<string, string>>,
): Gpu {
  const name = nvml.text('name', handle) ?? '';
  const minor = u32(nvml.u32('minorNumber', handle));
  const driver = nvml.driverVersion();
  const busId = pciBusId(nvml, handle);
  const facts: GpuFacts = {
    device: String(index),
    uuid,
    name,
    ...(busId === undefined ? {} : { pci_bus_id: busId }),
    ...(Number.isNaN(minor) ? {} : { minor: `nvidia${minor}` }),
    ...(driver === undefined ? {} : { driver }),
    ...host,
    shared: inMigMode(nvml, handle) ? 'yes' : 'no',
  };
  const integrated = INTEGRATED_NAME.test(name) || INTEGRATED.has(capability(nvml, handle) ?? '');
  return { nvml, handle, index, facts, integrated };
}

/** Whether the GPU is cut into instances now. */
export const inMigMode = (nvml: Nvml, handle: number): boolean => nvml.u32('migMode', handle) === 1;

/** gpu_info of a GPU. */
export function infoReading(gpu: Gpu): Reading {
  const labels = infoLabels(gpu);
  let slot = 0;
  return {
    declare(slots) {
      slot = slots.slot(GPU_INFO.info, labels);
    },
    sample(values) {
      values[slot] = 1;
      return 0;
    },
  };
}

/** Versions of what is between a GPU and its user. */
export function driverLabels(nvml: Nvml): DriverLabels {
  const cuda = nvml.cudaVersion();
  return {
    vendor: 'nvidia',
    ...said('driver_version', nvml.driverVersion()),
    ...said('library_version', nvml.nvmlVersion()),
    ...said(
      'compute_version',
      Number.isNaN(cuda)
        ? undefined
        : `${Math.floor(cuda / 1000)}.${Math.floor((cuda % 1000) / 10)}`,
    ),
  };
}

function infoLabels({ nvml, handle, facts }: Gpu): Record<string, string> {
  const text = (call: TextCall) => nvml.text(call, handle);
  const architecture = nvml.u32('architecture', handle);
  const node = nvml.u32('numaNodeId', handle);
  return {
    ...facts,
    vendor: 'nvidia',
    ...said('architecture', ARCHITECTURES[architecture]),
    ...said('compute_capability', capability(nvml, handle)),
    ...said('serial', text('serial')),
    ...said('part_number', text('boardPartNumber')),
    ...said('vbios_version', text('vbiosVersion')),
    ...said('inforom_version', text('inforomImageVersion')),
    ...said('gsp_version', text('gspFirmwareVersion')),
    ...said('numa_node', node >= 0 && node < U32_ALL_ONES ? String(node) : undefined),
  };
}

/** A label, or none where its value is not known. */
function said(label: string, value: string | undefined): Record<string, string> {
  return value === undefined || value === '' || value === 'N/A' ? {} : { [label]: value };
}

function capability(nvml: Nvml, handle: number): string | undefined {
  const major = nvml.u32('cudaComputeCapability', handle);
  const minor = nvml.more(1);
  return major >= 0 && minor >= 0 ? `${major}.${minor}` : undefined;
}

function pciBusId(nvml: Nvml, handle: number): string | undefined {
  const out: Pci = { domain: 0, bus: 0, device: 0, id: 0, subsystemId: 0, busId: '' };
  return nvml.readings.pci(handle, out) === 0 && out.busId !== '' ? out.busId : undefined;
}
