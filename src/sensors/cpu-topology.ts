/** /sys/devices/system/cpu: what the CPUs are, which are online and isolated, how often they were throttled. */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { CPU_TOPOLOGY } from '../catalog/host/cpu-topology.ts';
import { armDesign, armDesignOf } from './arm-parts.ts';
import { type CpuFields, cpuinfo } from './cpuinfo.ts';
import { cpuList, cpuNumbers, cpuRoot, cpuSet } from './cpus.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { inode, readNumber, readText } from './sysfs.ts';

export interface CpuTopologyOptions {
  /** Whether node_cpu_info is there (`--collector.cpu.info`). */
  readonly info: boolean;
}

export const CPU_TOPOLOGY_DEFAULTS: CpuTopologyOptions = { info: false };

/** All CPUs are one device: none of its files is a driver's, and it never goes away. */
export function cpuTopology(
  paths: Paths,
  guard: Guard,
  options: CpuTopologyOptions = CPU_TOPOLOGY_DEFAULTS,
): Source {
  const root = cpuRoot(paths);
  return deviceSource({
    name: 'cpu_topology',
    collectors: ['cpu'],
    guard,
    directories: () => (inode(root) === undefined ? [] : [root]),
    nothing: `${root}: not there`,
    describe(device, draft) {
      const fields = cpuinfo(paths.procfs);
      const all = cpuNumbers(paths);
      for (const cpu of cpuSet(paths, 'isolated')) {
        device.constant(draft.slot(CPU_TOPOLOGY.isolated, { cpu: `${cpu}` }));
      }
      online(device, draft, all);
      throttles(device, draft, all);
      for (const cpu of all) {
        const labels = infoLabels(device, cpu, fields.get(cpu));
        if (labels !== undefined) device.constant(draft.slot(CPU_TOPOLOGY.info, labels));
      }
      if (options.info) {
        for (const [cpu, of] of fields) {
          device.constant(draft.slot(CPU_TOPOLOGY.nodeInfo, nodeInfoLabels(cpu, of)));
        }
      }
    },
  });
}

/** As node_exporter, nothing where CPU 0 cannot be taken offline. */
function online(device: Device, draft: Draft, all: readonly number[]): void {
  if (inode(device.path('cpu0/online')) === undefined) return;
  const text = device.watch('online') ?? '';
  const running = new Set(cpuList(text));
  for (const cpu of all) {
    const slot = draft.slot(CPU_TOPOLOGY.online, { cpu: `${cpu}` });
    device.constant(slot, running.has(cpu) ? 1 : 0);
  }
}

/** Every thread of a core and every core of a package tells the same count, so one of each is read. */
function throttles(device: Device, draft: Draft, all: readonly number[]): void {
  const seen = new Set<number>();
  const read = (file: string, slot: number): void => {
    if (seen.has(slot) || inode(device.path(file)) === undefined) return;
    seen.add(slot);
    device.number(file, slot);
  };
  for (const cpu of all) {
    const { package: pkg, core } = place(device, cpu);
    if (pkg === undefined || core === undefined) continue;
    const counts = `cpu${cpu}/thermal_throttle`;
    read(
      `${counts}/core_throttle_count`,
      draft.slot(CPU_TOPOLOGY.coreThrottles, { package: pkg, core }),
    );
    read(
      `${counts}/package_throttle_count`,
      draft.slot(CPU_TOPOLOGY.packageThrottles, { package: pkg }),
    );
  }
}

function place(device: Device, cpu: number): { package?: string; core?: string } {
  const topology = device.path(`cpu${cpu}/topology`);
  const pkg = readText(`${topology}/physical_package_id`);
  const core = readText(`${topology}/core_id`);
  return {
    ...(pkg === undefined ? {} : { package: pkg }),
    ...(core === undefined ? {} : { core }),
  };
}

/** Labels of cpu_info; undefined for a CPU that is offline, of which nothing is known. */
function infoLabels(
  device: Device,
  cpu: number,
  fields: CpuFields | undefined,
): Record<string, string> | undefined {
  const { package: pkg, core } = place(device, cpu);
  if (pkg === undefined || core === undefined) return undefined;
  const base = device.path(`cpu${cpu}`);
  const cluster = readNumber(`${base}/topology/cluster_id`);
  const midr = readNumber(`${base}/regs/identification/midr_el1`);
  const implementer = Number(fields?.get('CPU implementer') ?? Number.NaN);
  const part = Number(fields?.get('CPU part') ?? Number.NaN);
  const arm = Number.isNaN(midr) ? armDesign(implementer, part) : armDesignOf(midr);
  const isArm = !Number.isNaN(midr) || !Number.isNaN(implementer);
  return {
    cpu: `${cpu}`,
    package: pkg,
    core,
    // The kernel writes -1, in 16 bits on some machines, where it knows no clusters.
    cluster: cluster >= 0 && cluster < 65535 ? `${cluster}` : '',
    vendor: isArm ? arm.vendor : (fields?.get('vendor_id') ?? ''),
    part: isArm ? arm.part : '',
    model: isArm ? arm.model : (fields?.get('model name') ?? ''),
    capacity: readText(`${base}/cpu_capacity`) ?? '',
  };
}

function nodeInfoLabels(cpu: number, fields: CpuFields): Record<string, string> {
  const of = (name: string): string => fields.get(name) ?? '';
  return {
    package: of('physical id'),
    core: of('core id'),
    cpu: `${cpu}`,
    vendor: of('vendor_id'),
    family: of('cpu family'),
    model: of('model'),
    model_name: of('model name'),
    microcode: of('microcode'),
    stepping: of('stepping'),
    cachesize: of('cache size'),
  };
}
