/** The whole catalog, for documentation and tests. Sources import the file of their collector. */
import * as gpuClocks from './gpu/clocks.ts';
import * as gpuEcc from './gpu/ecc.ts';
import * as gpuEvents from './gpu/events.ts';
import * as gpuGpm from './gpu/gpm.ts';
import * as gpuHealth from './gpu/health.ts';
import * as gpuInfo from './gpu/info.ts';
import * as gpuMemory from './gpu/memory.ts';
import * as gpuMig from './gpu/mig.ts';
import * as gpuNvlink from './gpu/nvlink.ts';
import * as gpuPcie from './gpu/pcie.ts';
import * as gpuPower from './gpu/power.ts';
import * as gpuProcess from './gpu/process.ts';
import * as gpuTemperature from './gpu/temperature.ts';
import * as gpuUtilization from './gpu/utilization.ts';
import * as gpuXgmi from './gpu/xgmi.ts';
import * as arp from './host/arp.ts';
import * as bonding from './host/bonding.ts';
import * as conntrack from './host/conntrack.ts';
import * as cpu from './host/cpu.ts';
import * as cpuTemperature from './host/cpu-temperature.ts';
import * as cpuTopology from './host/cpu-topology.ts';
import * as cpufreq from './host/cpufreq.ts';
import * as dgx from './host/dgx.ts';
import * as diskstats from './host/diskstats.ts';
import * as dmi from './host/dmi.ts';
import * as edac from './host/edac.ts';
import * as entropy from './host/entropy.ts';
import * as filefd from './host/filefd.ts';
import * as filesystem from './host/filesystem.ts';
import * as host from './host/host.ts';
import * as hwmon from './host/hwmon.ts';
import * as hwmonAttributes from './host/hwmon-attributes.ts';
import * as infiniband from './host/infiniband.ts';
import * as infinibandHw from './host/infiniband-hw.ts';
import * as loadavg from './host/loadavg.ts';
import * as mdadm from './host/mdadm.ts';
import * as meminfo from './host/meminfo.ts';
import * as netclass from './host/netclass.ts';
import * as netdev from './host/netdev.ts';
import * as netstat from './host/netstat.ts';
import * as nvme from './host/nvme.ts';
import * as os from './host/os.ts';
import * as powersupplyclass from './host/powersupplyclass.ts';
import * as pressure from './host/pressure.ts';
import * as rapl from './host/rapl.ts';
import * as schedstat from './host/schedstat.ts';
import * as selinux from './host/selinux.ts';
import * as sockstat from './host/sockstat.ts';
import * as softnet from './host/softnet.ts';
import * as spbm from './host/spbm.ts';
import * as stat from './host/stat.ts';
import * as textfile from './host/textfile.ts';
import * as thermalZone from './host/thermal-zone.ts';
import * as time from './host/time.ts';
import * as timex from './host/timex.ts';
import * as udpQueues from './host/udp-queues.ts';
import * as uname from './host/uname.ts';
import * as vmstat from './host/vmstat.ts';
import * as watchdog from './host/watchdog.ts';
import * as self from './self.ts';
import * as serving from './serving.ts';
import type { Signal } from './signal.ts';

const MODULES: readonly object[] = [
  arp,
  bonding,
  conntrack,
  cpu,
  cpuTemperature,
  cpuTopology,
  cpufreq,
  dgx,
  diskstats,
  dmi,
  edac,
  entropy,
  filefd,
  filesystem,
  gpuClocks,
  gpuEcc,
  gpuEvents,
  gpuGpm,
  gpuHealth,
  gpuInfo,
  gpuMemory,
  gpuMig,
  gpuNvlink,
  gpuPcie,
  gpuPower,
  gpuProcess,
  gpuTemperature,
  gpuUtilization,
  gpuXgmi,
  host,
  hwmon,
  hwmonAttributes,
  infiniband,
  infinibandHw,
  loadavg,
  mdadm,
  meminfo,
  netclass,
  netdev,
  netstat,
  nvme,
  os,
  powersupplyclass,
  pressure,
  rapl,
  schedstat,
  selinux,
  sockstat,
  softnet,
  spbm,
  stat,
  textfile,
  thermalZone,
  time,
  timex,
  udpQueues,
  uname,
  vmstat,
  watchdog,
  self,
  serving,
];

const isSignal = (x: unknown): x is Signal =>
  typeof x === 'object' && x !== null && 'dialects' in x && 'collector' in x;

/** Signals that a module exports by themselves or as the values of a record. */
function* exported(module: object): Iterable<Signal> {
  for (const value of Object.values(module) as unknown[]) {
    if (isSignal(value)) yield value;
    else if (typeof value === 'object' && value !== null) {
      yield* Object.values(value as object).filter(isSignal);
    }
  }
}

/** Every signal whose name is known before a machine is looked at. */
export const CATALOG: readonly Signal[] = [
  ...new Map(MODULES.flatMap((m) => [...exported(m)]).map((s) => [s.id, s])).values(),
];
