/**
 * The source of the probe `nvidia`. It is told what the configuration comes to, not the configuration: the
 * table of settings would be a sixth of its memory.
 */
import { hostname } from 'node:os';
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import type { KnownGpu } from '../gpu/inventory.ts';
import type { Group } from '../gpu/nvidia/group.ts';
import { nvidiaGroups } from '../gpu/nvidia/groups.ts';
import { nvidia } from '../gpu/nvidia/nvidia.ts';
import type { ProbeLog } from '../probe/child.ts';
import { restart } from './restart.ts';

/** What both of NVIDIA's probes are told, as JSON on their command lines. */
export interface NvidiaProbeOptions {
  /** Path of libnvidia-ml.so.1; empty: where drivers put it. */
  readonly library: string;
  readonly required: boolean;
  readonly procfs: string;
  readonly rootfs: string;
  /** Groups of signals that are on. */
  readonly groups: readonly Group['name'][];
  readonly perProcess: { readonly top: number; readonly user: boolean };
  /** Whether model servers are joined with the GPUs that they hold. */
  readonly holders: boolean;
  /** Milliseconds between two polls while somebody scrapes. */
  readonly interval: number;
  /** Milliseconds that a sample of events waits. */
  readonly eventWait: number;
  /** Label of the host's name in the dcgm dialect. */
  readonly hostnameLabel: string;
}

/** `known`: GPUs that former probes found. */
export function nvidiaSources(
  options: NvidiaProbeOptions,
  guard: Guard,
  known?: readonly KnownGpu[],
  log?: ProbeLog,
): Source[] {
  const { library, required, procfs, rootfs, perProcess, interval, hostnameLabel, holders } =
    options;
  const on = new Set(options.groups);
  const groups = nvidiaGroups({
    paths: { procfs, rootfs },
    perProcess,
    holders,
    on: (name) => on.has(name),
  });
  const host = { [hostnameLabel]: hostname() };
  const session = { library, procfs, required, restart };
  const collect = (): void => Bun.gc(true);
  return [nvidia({ ...session, host, groups, interval, known, log, collect }, guard)];
}
