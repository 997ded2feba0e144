import { cpuList, pick } from './number.ts';
import { online, type Processor } from './processor.ts';
import { type Attribute, attributes, link, type Tree } from './tree.ts';

const ROOT = 'sys/devices/system/cpu';

/** How the frequency of one CPU is governed; frequencies in kHz. */
export interface Scaling {
  readonly driver: string;
  readonly governor: string;
  readonly governors: string;
  readonly hardware: readonly [minimum: number, maximum: number];
  readonly limits: readonly [minimum: number, maximum: number];
  readonly current: number;
  /** What the hardware itself reports, where the driver can ask it. */
  readonly measured?: number;
}

/** What differs from machine to machine below sys/devices/system/cpu. */
export interface CpuTree {
  readonly host: string;
  readonly cpus: readonly Processor[];
  readonly isolated: string;
  readonly scaling?: (cpu: Processor) => Scaling;
  /** Intel: counts of thermal throttling, per core and per package. */
  readonly throttle?: boolean;
  /** Files of each CPU beside the usual ones: `cpu_capacity`, `regs/identification/midr_el1`. */
  readonly more?: (cpu: Processor) => Record<string, Attribute>;
  /** x86 cannot take CPU 0 offline, so it has no `online` file there. */
  readonly cpu0Online: boolean;
}

function topology(tree: Tree, spec: CpuTree, cpu: Processor): void {
  const those = (same: (other: Processor) => boolean) =>
    cpuList(spec.cpus.filter((other) => other.online && same(other)).map((other) => other.index));
  const onSocket = those((other) => other.package === cpu.package);
  const onCore = those((other) => other.package === cpu.package && other.core === cpu.core);
  attributes(tree, `${ROOT}/cpu${cpu.index}/topology`, {
    physical_package_id: cpu.package,
    die_id: cpu.package,
    cluster_id: cpu.core,
    core_id: cpu.core,
    core_siblings_list: onSocket,
    package_cpus_list: onSocket,
    thread_siblings_list: onCore,
    core_cpus_list: onCore,
  });
}

function scaling(tree: Tree, cpu: Processor, it: Scaling): void {
  const policy = `${ROOT}/cpufreq/policy${cpu.index}`;
  attributes(tree, policy, {
    affected_cpus: cpu.index,
    ...(it.measured === undefined ? {} : { cpuinfo_cur_freq: it.measured }),
    cpuinfo_max_freq: it.hardware[1],
    cpuinfo_min_freq: it.hardware[0],
    cpuinfo_transition_latency: 20_000 + cpu.index,
    related_cpus: cpu.index,
    // The kernel ends this list with a space.
    scaling_available_governors: `${it.governors} `,
    scaling_cur_freq: it.current,
    scaling_driver: it.driver,
    scaling_governor: it.governor,
    scaling_max_freq: it.limits[1],
    scaling_min_freq: it.limits[0],
    scaling_setspeed: '<unsupported>',
  });
  link(tree, `${ROOT}/cpu${cpu.index}/cpufreq`, policy);
}

/** Counts of a core are the same in each of its threads, those of a package in each of its cores. */
function throttle(tree: Tree, host: string, cpu: Processor): void {
  const count = (words: string, low: number, high: number) => pick(`${host} ${words}`, low, high);
  attributes(tree, `${ROOT}/cpu${cpu.index}/thermal_throttle`, {
    core_power_limit_count: 0,
    core_throttle_count: count(`core ${cpu.package} ${cpu.core}`, 10, 900),
    core_throttle_max_time_ms: count(`core max ${cpu.package} ${cpu.core}`, 1, 90),
    core_throttle_total_time_ms: count(`core time ${cpu.package} ${cpu.core}`, 900, 9_000),
    package_power_limit_count: 0,
    package_throttle_count: count(`package ${cpu.package}`, 1_000, 9_000),
    package_throttle_max_time_ms: count(`package max ${cpu.package}`, 90, 200),
    package_throttle_total_time_ms: count(`package time ${cpu.package}`, 10_000, 90_000),
  });
}

/** Adds sys/devices/system/cpu (Documentation/ABI/testing/sysfs-devices-system-cpu). */
export function cpuTree(tree: Tree, spec: CpuTree): void {
  const all = spec.cpus.map((cpu) => cpu.index);
  const off = spec.cpus.filter((cpu) => !cpu.online).map((cpu) => cpu.index);
  attributes(tree, ROOT, {
    isolated: spec.isolated,
    kernel_max: 8191,
    offline: cpuList(off),
    online: cpuList(online(spec.cpus)),
    possible: cpuList(all),
    present: cpuList(all),
  });
  // Not a CPU, though its name begins like one.
  attributes(tree, `${ROOT}/cpuidle`, { current_driver: 'none', current_governor: 'menu' });
  for (const cpu of spec.cpus) {
    const base = `${ROOT}/cpu${cpu.index}`;
    attributes(tree, base, { crash_notes_size: 400 });
    if (cpu.index > 0 || spec.cpu0Online) {
      attributes(tree, base, { online: cpu.online ? 1 : 0 });
    }
    link(tree, `${base}/subsystem`, 'sys/devices/system/cpu');
    // The kernel takes these away from a CPU that is taken offline.
    if (!cpu.online) continue;
    topology(tree, spec, cpu);
    if (spec.scaling !== undefined) scaling(tree, cpu, spec.scaling(cpu));
    if (spec.throttle) throttle(tree, spec.host, cpu);
    if (spec.more !== undefined) attributes(tree, base, spec.more(cpu));
  }
}

/** Adds the NUMA nodes and the links between them and their CPUs. */
export function numa(tree: Tree, spec: CpuTree, kilobytes: readonly number[]): void {
  const root = 'sys/devices/system/node';
  kilobytes.forEach((total, node) => {
    const base = `${root}/node${node}`;
    const cpus = spec.cpus.filter((cpu) => cpu.node === node);
    attributes(tree, base, {
      cpulist: cpuList(online(cpus)),
      distance: kilobytes.map((_, other) => (other === node ? 10 : 21)).join(' '),
      meminfo: [
        `Node ${node} MemTotal:       ${total} kB`,
        `Node ${node} MemFree:        ${pick(`${spec.host} node ${node}`, 1_000, total)} kB`,
      ].join('\n'),
    });
    for (const cpu of cpus) {
      link(tree, `${base}/cpu${cpu.index}`, `${ROOT}/cpu${cpu.index}`);
      link(tree, `${ROOT}/cpu${cpu.index}/node${node}`, base);
    }
  });
  const list = cpuList(kilobytes.map((_, node) => node));
  attributes(tree, root, { online: list, possible: list, has_cpu: list, has_memory: list });
}
