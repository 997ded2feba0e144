/** Starts the probes of this program: children of the same binary. */
import type { Layout } from '../board/layout.ts';
import type { Settings, Value } from '../config/setting.ts';
import { AT } from '../gpu/nvidia/hung.ts';
import type { ExpectedSource, Intervals } from '../probe/options.ts';
import { Quarantine } from '../probe/quarantine.ts';
import { Supervisor } from '../probe/supervisor.ts';
import { amdProbes } from './amd-probes.ts';
import type { Loaded } from './invocation.ts';
import type { Probe } from './lazy-probe.ts';
import type { Log } from './log.ts';
import { type NvidiaKind, nvidiaProbes } from './nvidia-probes.ts';
import { SERVING_ENVIRONMENT, servingProbe } from './serving-probe.ts';

/**
 * A driver that holds a process in the kernel holds the next one too, so none is started beside it. A GPU
 * that hung is tried again soon, so that it is back within five seconds of its recovery (docs/adr/0013).
 */
const GPU_QUARANTINE = {
  leftOut: { first: 2000, soon: 2000, last: 600_000 },
  slow: [AT.driver],
  replaceStuck: false,
} as const;

/** A wait for events takes almost a second when all is well: a trial must not be shorter. */
const EVENTS_QUARANTINE = {
  leftOut: { first: 5000, soon: 5000, last: 600_000 },
  slow: [AT.driver],
  replaceStuck: false,
} as const;

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
  'nvidia-events': new Quarantine(EVENTS_QUARANTINE),
  serving: new Quarantine(),
};

/** What is known of a probe's sources before it says so. */
const SOURCES: Readonly<Record<keyof typeof quarantines, readonly ExpectedSource[]>> = {
  // Which ones there are is a matter of its configuration.
  sensors: [],
  amd: [{ name: 'amd', collectors: ['gpu'] }],
  nvidia: [{ name: 'nvidia', collectors: ['gpu'] }],
  'nvidia-events': [{ name: 'nvidia-events', collectors: [] }],
  serving: [{ name: 'serving', collectors: ['serving'] }],
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
    legacy?: () => unknown,
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
      sources: SOURCES[kind],
      ...(legacy === undefined ? {} : { legacy }),
    });
  const { interval: busy, idleInterval: idle, idleAfter } = poll;
  return [
    supervise('sensors', ofSensors(settings), { busy, idle, idleAfter }),
    ...nvidiaProbes(config, layout, nvidia, supervise),
    ...amdProbes(config, layout, supervise),
    ...servingProbe(config, layout, (intervals) =>
      supervise('serving', {}, intervals, SERVING_ENVIRONMENT),
    ),
  ];
}

/** A command line may be read by all who are on the machine: credentials of model servers stay out of it. */
const ofSensors = (settings: Settings): [string, Value][] =>
  [...settings].filter(([path]) => !path.startsWith('serving.'));

/** The command line that runs this program again: the binary alone, or Bun and the entry of the sources. */
function self(): string[] {
  return Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main];
}
