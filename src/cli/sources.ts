/** The sources of the serving process: memory-backed files, read at every scrape. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import type { Config } from '../config/config.ts';
import { arp } from '../host/arp.ts';
import { conntrack } from '../host/conntrack.ts';
import { dgx } from '../host/dgx.ts';
import { diskstats } from '../host/diskstats.ts';
import { dmi } from '../host/dmi.ts';
import { entropy } from '../host/entropy.ts';
import { filefd } from '../host/filefd.ts';
import { host } from '../host/host.ts';
import { loadavg } from '../host/loadavg.ts';
import { mdadm } from '../host/mdadm.ts';
import { meminfo } from '../host/meminfo.ts';
import { netdev } from '../host/netdev.ts';
import { netstat } from '../host/netstat.ts';
import { os } from '../host/os-release.ts';
import { pressure } from '../host/pressure.ts';
import { ownProcess } from '../host/process.ts';
import { schedstat } from '../host/schedstat.ts';
import { selinux } from '../host/selinux.ts';
import { sockstat } from '../host/sockstat.ts';
import { softnet } from '../host/softnet.ts';
import { type StatSource, stat } from '../host/stat.ts';
import { time } from '../host/time.ts';
import { timex } from '../host/timex.ts';
import { udpQueues } from '../host/udp-queues.ts';
import { uname } from '../host/uname.ts';
import { vmstat } from '../host/vmstat.ts';
import { enabled, optionsOf } from './options.ts';

export interface HostSources {
  readonly sources: readonly Source[];
  /** To be ticked by a timer: what cpu_usage_percent is measured over. */
  readonly stat: StatSource;
}

export function hostSources(config: Config): HostSources {
  const paths: Paths = config.path;
  const options = <T extends object>(collector: string): T => optionsOf(config, collector);
  const cpu = stat(paths);
  const sources = [
    arp(paths, options('arp')),
    conntrack(paths),
    cpu,
    dgx(paths),
    diskstats(paths, { ...options('diskstats'), udevData: config.path.udevData }),
    dmi(paths),
    entropy(paths),
    filefd(paths),
    host(paths),
    loadavg(paths),
    mdadm(paths),
    meminfo(paths),
    netdev(paths, options('netdev')),
    netstat(paths, options('netstat')),
    os(paths),
    pressure(paths),
    schedstat(paths),
    selinux(paths),
    sockstat(paths),
    softnet(paths),
    time(paths),
    timex(paths),
    udpQueues(paths),
    uname(paths),
    vmstat(paths, options('vmstat')),
    ownProcess(),
  ];
  return { sources: enabled(config, sources), stat: cpu };
}
