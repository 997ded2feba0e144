/**
 * The source of the probe `amd`. It is told what the configuration comes to, not the configuration: the table
 * of settings would be a sixth of its memory.
 */
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Guard } from '../board/guard.ts';
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import type { GpuGroup } from '../catalog/gpu/groups.ts';
import { amd } from '../gpu/amd/amd.ts';
import type { Backend } from '../gpu/amd/backend.ts';
import { wantedGroups } from '../gpu/amd/groups.ts';
import { sysfsBackend } from '../gpu/amd/sysfs-backend.ts';
import type { KnownGpu } from '../gpu/inventory.ts';
import type { ProbeLog } from '../probe/child.ts';

/** What the probe is told, as JSON on its command line. */
export interface AmdProbeOptions {
  readonly paths: Paths;
  readonly required: boolean;
  /** `none`: files alone are read. `try`: where it cannot be used, too. */
  readonly library: 'none' | 'try' | 'must';
  /** Path of librocm_smi64.so; empty: where ROCm and distributions put it. */
  readonly libraryPath: string;
  /** Groups of signals that are on. */
  readonly groups: readonly GpuGroup[];
  readonly perProcess: { readonly enabled: boolean; readonly top: number; readonly user: boolean };
  /** Whether model servers are joined with the GPUs that they hold. */
  readonly holders: boolean;
  /** Milliseconds between two polls while somebody scrapes. */
  readonly interval: number;
  /** Label of the host's name in the dcgm dialect. */
  readonly hostnameLabel: string;
}

/** A line on standard error reaches the log of the serving process. */
const complain = (message: string): void => {
  writeSync(2, `${message}\n`);
};

/** What makes the sources. `known`: GPUs that former probes found. */
export type AmdSources = (guard: Guard, known?: readonly KnownGpu[], log?: ProbeLog) => Source[];

export async function amdSources(options: AmdProbeOptions): Promise<AmdSources> {
  const { paths, required, library, perProcess, interval, hostnameLabel } = options;
  const on = new Set(options.groups);
  const backend = library === 'none' ? undefined : await rocm(options.libraryPath);
  return (guard, known, log) => [
    amd(
      {
        paths,
        required,
        interval,
        known,
        log,
        complain,
        library: backend,
        libraryOnly: library === 'must',
        sysfs: sysfsBackend({ complain }),
        groups: wantedGroups((name) => on.has(name)),
        partitions: on.has('mig'),
        processes: {
          totals: on.has('processes'),
          each: perProcess.enabled,
          holders: options.holders,
          top: perProcess.top,
          user: perProcess.user,
        },
        host: { [hostnameLabel]: hostname() },
      },
      guard,
    ),
  ];
}

/** Loaded where it is wanted alone: bindings are most of this probe's code. */
async function rocm(library: string): Promise<Backend> {
  const { rocmBackend } = await import('../gpu/amd/rocm-backend.ts');
  return rocmBackend({ library });
}
