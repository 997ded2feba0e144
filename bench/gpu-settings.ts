/** What the probes of GPUs are started with, as the serving process starts them, for a fake of NVIDIA's library. */

import { Board } from '../src/board/board.ts';
import { Layout } from '../src/board/layout.ts';
import { GPU_GROUP_NAMES } from '../src/catalog/gpu/groups.ts';
import type { Probe } from '../src/cli/lazy-probe.ts';
import { nvidiaProbes } from '../src/cli/nvidia-probes.ts';
import type { NvidiaProbeOptions } from '../src/cli/nvidia-sources.ts';
import { buildConfig } from '../src/config/config.ts';
import type { Value } from '../src/config/setting.ts';
import type { FakeNvml } from '../test/fakes/nvml/nvml.ts';

/** What is on by default, or everything that there is. */
export type GpuSet = 'default' | 'full';

export interface GpuStart {
  readonly options: NvidiaProbeOptions;
  /** Of the runtime, and of the fake. */
  readonly env: Readonly<Record<string, string>>;
}

/** `interval`: milliseconds between two polls, by which groups that are asked seldom count. */
export function gpuStart(fake: FakeNvml, set: GpuSet, interval: number): GpuStart {
  const settings = new Map<string, Value>([
    ['gpu.nvidia', 'true'],
    ['gpu.nvidia_library', fake.library],
    ['gpu.poll_interval', interval],
  ]);
  if (set === 'full') {
    for (const group of GPU_GROUP_NAMES) settings.set(`gpu.metrics.${group}`, true);
    settings.set('gpu.per_process.enabled', true);
  }
  let start: GpuStart | undefined;
  const config = buildConfig(settings);
  const layout = new Layout(new Board());
  const [probe] = nvidiaProbes(config, layout, ['nvidia'], (_kind, options, _pace, env) => {
    start = { options, env: { ...env, ...fake.env } };
    return { start: () => {} } as Probe;
  });
  probe?.start();
  if (start === undefined) throw new Error('the probe is not started with these settings');
  return start;
}
