/** Every group that NVIDIA GPUs are asked for. */
import type { Paths } from '../../board/paths.ts';
import { clockEventSeconds, clockEvents } from './clock-events.ts';
import { clockLimits, clocks } from './clocks.ts';
import { ecc, eccDetail } from './ecc.ts';
import { fan } from './fan.ts';
import { gpm, gpmDetail } from './gpm.ts';
import type { Group } from './group.ts';
import { health, powerStarved } from './health.ts';
import { memory, memoryDetail } from './memory.ts';
import { mig, migMemory } from './mig.ts';
import { nvlink, nvlinkTraffic } from './nvlink.ts';
import { nvlinkFec, nvlinkInfo, nvlinkLinks } from './nvlink-links.ts';
import { pcie, pcieErrors } from './pcie.ts';
import { pcieThroughput, pcieThroughputBlocking } from './pcie-throughput.ts';
import { power, powerDetail } from './power.ts';
import { holders, type ProcessOptions, perProcess, processes } from './process.ts';
import { temperature, temperatureThreshold } from './temperature.ts';
import { utilization } from './utilization.ts';
import { encoderDecoder, encoderSessions } from './video.ts';

export interface GroupOptions {
  readonly paths: Pick<Paths, 'procfs' | 'rootfs'>;
  readonly perProcess: ProcessOptions;
  /** Whether somebody joins processes with what they serve. */
  readonly holders: boolean;
  /** Whether a group is switched on. */
  readonly on: (name: Group['name']) => boolean;
}

/** Those that are switched on, in the order in which they are asked. */
export function nvidiaGroups({
  paths,
  perProcess: each,
  holders: joined,
  on,
}: GroupOptions): Group[] {
  return [
    utilization,
    encoderDecoder,
    encoderSessions,
    memory(paths.procfs),
    memoryDetail,
    temperature,
    temperatureThreshold,
    fan,
    power,
    powerDetail,
    clocks,
    clockLimits,
    clockEvents,
    clockEventSeconds,
    health,
    powerStarved,
    ecc,
    eccDetail,
    pcie,
    pcieThroughput,
    pcieThroughputBlocking,
    pcieErrors,
    nvlink,
    nvlinkTraffic,
    nvlinkLinks,
    nvlinkInfo,
    nvlinkFec,
    gpm,
    gpmDetail,
    mig,
    migMemory,
    processes,
    perProcess(paths, each),
    ...(joined ? [holders] : []),
  ].filter((group) => on(group.name) || group === holders);
}
