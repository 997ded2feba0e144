/** NVIDIA's two probes, one that asks and one that waits for events, as the serving process has them. */
import { existsSync } from 'node:fs';
import { NVML_SONAME, nvmlFiles } from '../../ffi/nvml-paths.ts';
import type { Layout } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import type { Config } from '../config/config.ts';
import type { Intervals } from '../probe/options.ts';
import { FFI_ENVIRONMENT } from './ffi-environment.ts';
import { GpuMemory } from './gpu-memory.ts';
import { LazyProbe, type Probe } from './lazy-probe.ts';
import type { NvidiaProbeOptions } from './nvidia-sources.ts';
import { XidMemory } from './xid-memory.ts';

/** Milliseconds between two waits for events, whoever scrapes: what is not heard is not counted. */
const EVENTS_INTERVAL = 1000;
/** Milliseconds that it waits at most: what is left of the interval is for the parent's orders. */
const EVENTS_WAIT = 900;

export type NvidiaKind = 'nvidia' | 'nvidia-events';

/** What makes the supervisor of a kind. */
export type Supervise = (
  kind: NvidiaKind,
  options: NvidiaProbeOptions,
  intervals: Intervals,
  env: Readonly<Record<string, string>>,
  legacy: () => unknown,
) => Probe;

/** Across reloads: counters must not go back, and a GPU that is lost is not found again by a new configuration. */
const memory = { gpus: new GpuMemory('nvidia'), xids: new XidMemory() } as const;

/** None where they are switched off. They start once there is a library or a driver. */
export function nvidiaProbes(
  config: Config,
  layout: Layout,
  kinds: readonly NvidiaKind[],
  supervise: Supervise,
): Probe[] {
  const { gpu, poll } = config;
  if (!gpu.enabled || gpu.nvidia === 'false') return [];
  const options = probeOptions(config);
  const { idleAfter } = poll;
  const pace: Readonly<Record<NvidiaKind, Intervals>> = {
    nvidia: { busy: gpu.pollInterval, idle: 10 * gpu.pollInterval, idleAfter },
    'nvidia-events': { busy: EVENTS_INTERVAL, idle: EVENTS_INTERVAL, idleAfter },
  };
  const legacy: Readonly<Record<NvidiaKind, () => unknown>> = {
    nvidia: memory.gpus.reader(layout),
    'nvidia-events': memory.xids.reader(layout),
  };
  const wanted = kinds.filter((kind) => kind === 'nvidia' || gpu.metrics.xid);
  return wanted.map(
    (kind) =>
      new LazyProbe({
        kind,
        present: () => isPresent(config),
        make: () => supervise(kind, options, pace[kind], FFI_ENVIRONMENT, legacy[kind]),
        absent: kind === 'nvidia' ? [nothing(gpu.nvidiaLibrary)] : [],
        // What a probe no longer tells it may not have at its end either.
        refresh: legacy[kind],
      }),
  );
}

/** `library`: the file that the user names, or nothing. */
const nothing = (library: string): SourceReport => ({
  name: 'nvidia',
  collectors: ['gpu'],
  status: 'absent',
  error: `neither ${library || NVML_SONAME} nor /proc/driver/nvidia is there`,
  durationSeconds: 0,
  lastSuccess: undefined,
});

/** Whether it is worth a process to look for GPUs. */
function isPresent({ gpu, path }: Config): boolean {
  if (gpu.nvidia === 'true' || existsSync(`${path.procfs}/driver/nvidia`)) return true;
  const library = gpu.nvidiaLibrary || NVML_SONAME;
  const files = library.startsWith('/') ? [library] : nvmlFiles(library);
  return files.some((file) => existsSync(file));
}

function probeOptions({ gpu, path, poll, serving }: Config): NvidiaProbeOptions {
  const { metrics, perProcess } = gpu;
  const names = Object.keys(metrics) as (keyof typeof metrics)[];
  return {
    library: gpu.nvidiaLibrary,
    required: gpu.nvidia === 'true',
    procfs: path.procfs,
    rootfs: path.rootfs,
    groups: [
      ...names.filter((name) => metrics[name]),
      ...(perProcess.enabled ? (['per_process'] as const) : []),
    ],
    perProcess: { top: perProcess.top, user: perProcess.user },
    holders: serving.enabled,
    interval: gpu.pollInterval,
    // All is well while it waits: that must not look like a hang.
    eventWait: Math.min(EVENTS_WAIT, poll.deadline / 2),
    hostnameLabel: gpu.dcgmHostnameLabel,
  };
}
