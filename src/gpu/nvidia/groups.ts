/** Every group that NVIDIA GPUs are asked for. */
import type { Paths } from '../../board/paths.ts';
import { clockEventSeconds, clockEvents } from './clock-events.ts';
import { clockLimits, clocks } from './clocks.ts';
import { fan } from './fan.ts';
import type { Group } from './group.ts';
import { health, powerStarved } from './health.ts';
import { memory, memoryDetail } from './memory.ts';
import { mig } from './mig.ts';
import { power, powerDetail } from './power.ts';
import { type ProcessOptions, perProcess, processes } from './process.ts';
import { temperature, temperatureThreshold } from './temperature.ts';
import { utilization } from './utilization.ts';
import { encoderDecoder, encoderSessions } from './video.ts';

export interface GroupOptions {
  readonly paths: Pick<Paths, 'procfs' | 'rootfs'>;
  readonly perProcess: ProcessOptions;
  /** Whether a group is switched on. */
  readonly on: (name: Group['name']) => boolean;
}

/** Those that are switched on, in the order in which they are asked. */
export function nvidiaGroups({ paths, perProcess: each, on }: GroupOptions): Group[] {
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
    mig,
    processes,
    perProcess(paths, each),
  ].filter((group) => on(group.name));
}
