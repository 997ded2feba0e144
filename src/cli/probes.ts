/** Starts the probes of this program: children of the same binary. */
import type { Layout } from '../board/layout.ts';
import type { Intervals } from '../probe/options.ts';
import { Quarantine } from '../probe/quarantine.ts';
import { Supervisor } from '../probe/supervisor.ts';
import { amdProbes } from './amd-probes.ts';
import type { Loaded } from './invocation.ts';
import type { Probe } from './lazy-probe.ts';
import type { Log } from './log.ts';
import { type NvidiaKind, nvidiaProbes } from './nvidia-probes.ts';

/**
 * A driver that holds a process in the kernel holds the next one too, so none is started beside it. A GPU
 * that hung is tried again soon: one alone in its machine is all that its user looks for.
 */
const GPU_QUARANTINE = { first: 5000, last: 600_000, replaceStuck: false } as const;

/**
 * For AMD a back end at a card counts as a device of its own: once librocm_smi64 hung or crashed there, files are
 * read in its place, and it is tried again less soon. amdgpu locks each card for itself, so that the others can be
 * read beside a process that it does not let go of.
 */
const AMD_QUARANTINE = { crashes: true } as const;

/** Which devices hung is remembered across reloads. */
const quarantines = {
  sensors: new Quarantine(),
  amd: new Quarantine(AMD_QUARANTINE),
  nvidia: new Quarantine(GPU_QUARANTINE),
  'nvidia-events': new Quarantine(GPU_QUARANTINE),
};

/** `nvidia`: those of NVIDIA's probes that are wanted; events are of no use to who looks once. */
export function createProbes(
  loaded: Loaded,
  layout: Layout,
  log: Log,
  nvidia: readonly NvidiaKind[] = ['nvidia', 'nvidia-events'],
): Probe[] {
  const { config, settings } = loaded;
  const { poll } = config;
  const supervise = (
    kind: keyof typeof quarantines,
    told: unknown,
    intervals: Intervals,
    env: Readonly<Record<string, string>> = {},
  ): Supervisor =>
    new Supervisor({
      kind,
      argv: [...self(), 'probe', kind, `--settings=${JSON.stringify(told)}`],
      layout,
      intervals,
      deadline: poll.deadline,
      log: (level, message, fields) => log(level, message, { probe: kind, ...fields }),
      quarantine: quarantines[kind],
      env,
    });
  const { interval: busy, idleInterval: idle, idleAfter } = poll;
  return [
    supervise('sensors', [...settings], { busy, idle, idleAfter }),
    ...nvidiaProbes(config, nvidia, supervise),
    ...amdProbes(config, supervise),
  ];
}

/** The command line that runs this program again: the binary alone, or Bun and the entry of the sources. */
function self(): string[] {
  return Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main];
}
