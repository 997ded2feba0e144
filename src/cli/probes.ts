/** Starts the probes of this program: children of the same binary. */
import { existsSync } from 'node:fs';
import { NVML_FILES } from '../../ffi/nvml-paths.ts';
import type { Layout } from '../board/layout.ts';
import type { Config } from '../config/config.ts';
import type { Intervals } from '../probe/options.ts';
import { Quarantine } from '../probe/quarantine.ts';
import { Supervisor } from '../probe/supervisor.ts';
import type { Loaded } from './invocation.ts';
import { LazyProbe, type Probe } from './lazy-probe.ts';
import type { Log } from './log.ts';

/**
 * A driver that holds a process in the kernel holds the next one too, so none is started beside it. A GPU
 * that hung is tried again soon: one alone in its machine is all that its user looks for.
 */
const GPU_QUARANTINE = { first: 5000, last: 600_000, replaceStuck: false } as const;

/** Which devices hung is remembered across reloads. */
const quarantines = {
  sensors: new Quarantine(),
  nvidia: new Quarantine(GPU_QUARANTINE),
  'nvidia-events': new Quarantine(GPU_QUARANTINE),
};
type Kind = keyof typeof quarantines;

/** bun:ffi needs a JIT; without its optimising tiers it costs a third of the memory. */
const FFI_ENVIRONMENT = {
  BUN_JSC_useJIT: '1',
  BUN_JSC_useDFGJIT: '0',
  BUN_JSC_useFTLJIT: '0',
} as const;

/** Milliseconds between two waits for events, whoever scrapes: what is not heard is not counted. */
const EVENTS_INTERVAL = 1000;

export interface ProbeChoice {
  /** Wait for events, too: of no use to who looks once. */
  readonly events: boolean;
}

export function createProbes(
  loaded: Loaded,
  layout: Layout,
  log: Log,
  { events }: ProbeChoice = { events: true },
): Probe[] {
  const { config, settings } = loaded;
  const { poll, gpu } = config;
  const supervisor = (kind: Kind, intervals: Intervals, env?: Readonly<Record<string, string>>) =>
    new Supervisor({
      kind,
      argv: [...self(), 'probe', kind, `--settings=${JSON.stringify([...settings])}`],
      layout,
      intervals,
      deadline: poll.deadline,
      log: (level, message, fields) => log(level, message, { probe: kind, ...fields }),
      quarantine: quarantines[kind],
      ...(env === undefined ? {} : { env }),
    });

  const { idleAfter } = poll;
  const sensors = supervisor('sensors', {
    busy: poll.interval,
    idle: poll.idleInterval,
    idleAfter,
  });
  if (!gpu.enabled || gpu.nvidia === 'false') return [sensors];
  const gpuPace: Intervals = { busy: gpu.pollInterval, idle: 10 * gpu.pollInterval, idleAfter };
  const eventPace: Intervals = { busy: EVENTS_INTERVAL, idle: EVENTS_INTERVAL, idleAfter };
  const nvidia = (kind: Kind, pace: Intervals): LazyProbe =>
    new LazyProbe({
      kind,
      present: () => nvidiaIsPresent(config),
      make: () => supervisor(kind, pace, FFI_ENVIRONMENT),
      absent: kind === 'nvidia' ? [NO_NVIDIA] : [],
    });
  return [
    sensors,
    nvidia('nvidia', gpuPace),
    ...(events ? [nvidia('nvidia-events', eventPace)] : []),
  ];
}

const NO_NVIDIA = {
  name: 'nvidia',
  collectors: ['gpu'],
  status: 'absent',
  error: 'neither libnvidia-ml.so.1 nor /proc/driver/nvidia is there',
  durationSeconds: 0,
  lastSuccess: undefined,
} as const;

/** Whether it is worth a process to look for NVIDIA GPUs: there is a library, or a driver. */
function nvidiaIsPresent({ gpu, path }: Config): boolean {
  if (gpu.nvidia === 'true' || existsSync(`${path.procfs}/driver/nvidia`)) return true;
  return gpu.nvidiaLibrary === '' ? NVML_FILES.some(existsSync) : existsSync(gpu.nvidiaLibrary);
}

/** The command line that runs this program again: the binary alone, or Bun and the entry of the sources. */
function self(): string[] {
  return Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main];
}
