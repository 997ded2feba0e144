/** AMD's probe as the serving process has it. */
import { existsSync } from 'node:fs';
import { rocmSmiFiles } from '../../ffi/rocm-smi-paths.ts';
import type { Layout } from '../board/layout.ts';
import type { Config } from '../config/config.ts';
import { findCards } from '../gpu/amd/cards.ts';
import type { Intervals } from '../probe/options.ts';
import type { AmdProbeOptions } from './amd-sources.ts';
import { FFI_ENVIRONMENT } from './ffi-environment.ts';
import { GpuMemory } from './gpu-memory.ts';
import { LazyProbe, type Probe } from './lazy-probe.ts';

/**
 * ROCm SMI keeps a mutex in /dev/shm for each card, which a process that is killed leaves locked: the next one
 * waits for it. ROCm 6 does without where it is told to.
 */
const LIBRARY_ENVIRONMENT = { ...FFI_ENVIRONMENT, RSMI_MUTEX_THREAD_ONLY: '1' } as const;

/** What makes its supervisor. */
export type Supervise = (
  kind: 'amd',
  options: AmdProbeOptions,
  intervals: Intervals,
  env: Readonly<Record<string, string>>,
  legacy: () => unknown,
) => Probe;

/** Across reloads, as NVIDIA's. */
const memory = new GpuMemory('amd');

/** None where they are switched off. It starts once the driver has a card. */
export function amdProbes(config: Config, layout: Layout, supervise: Supervise): Probe[] {
  const { gpu, poll, path } = config;
  if (!gpu.enabled || gpu.amd === 'false') return [];
  const { pollInterval: busy } = gpu;
  const intervals = { busy, idle: 10 * busy, idleAfter: poll.idleAfter };
  const legacy = memory.reader(layout);
  return [
    new LazyProbe({
      kind: 'amd',
      present: () => gpu.amd === 'true' || findCards(path.sysfs).length > 0,
      make: () => {
        const options = probeOptions(config);
        // Files can be read without a JIT; a library cannot be called.
        const env = options.library === 'none' ? {} : LIBRARY_ENVIRONMENT;
        return supervise('amd', options, intervals, env, legacy);
      },
      absent: [NOTHING],
      refresh: legacy,
    }),
  ];
}

const NOTHING = {
  name: 'amd',
  collectors: ['gpu'],
  status: 'absent',
  error: 'amdgpu drives no GPU',
  durationSeconds: 0,
  lastSuccess: undefined,
} as const;

function probeOptions(config: Config): AmdProbeOptions {
  const { gpu, path } = config;
  const { metrics, perProcess } = gpu;
  const names = Object.keys(metrics) as (keyof typeof metrics)[];
  return {
    paths: { procfs: path.procfs, sysfs: path.sysfs, rootfs: path.rootfs },
    required: gpu.amd === 'true',
    library: libraryOf(config),
    libraryPath: gpu.rocmSmiLibrary,
    groups: names.filter((name) => metrics[name]),
    perProcess,
    holders: config.serving.enabled,
    interval: gpu.pollInterval,
    hostnameLabel: gpu.dcgmHostnameLabel,
  };
}

/**
 * It reads /sys, whatever edgegauge is told: of itself it is not asked about another machine. Nor is a process made
 * ready for a library that is nowhere.
 */
function libraryOf({ gpu, path }: Config): AmdProbeOptions['library'] {
  if (gpu.amdBackend === 'rocm_smi') return 'must';
  if (gpu.amdBackend === 'sysfs' || path.sysfs !== '/sys') return 'none';
  const found = gpu.rocmSmiLibrary !== '' || rocmSmiFiles().some((file) => existsSync(file));
  return found ? 'try' : 'none';
}
