/** `edgegauge probe KIND --settings=JSON`: the child of a serving process that reads devices. */
import type { Value } from '../config/setting.ts';
import type { KnownGpu } from '../gpu/inventory.ts';
import type { XidError } from '../gpu/nvidia/xid.ts';
import { type ProbeOptions, runProbe } from '../probe/child.ts';

/** What each kind samples, by what it was told; loaded when it is asked for, each for itself. */
const KINDS: Readonly<Record<string, (settings: string) => Promise<ProbeOptions['sources']>>> = {
  sensors: async (told) => {
    const { buildConfig } = await import('../config/config.ts');
    const { sensorSources } = await import('./sensor-sources.ts');
    const config = buildConfig(new Map(JSON.parse(told) as [string, Value][]));
    return (guard) => sensorSources(config, guard);
  },
  amd: async (told) => {
    const { amdSources } = await import('./amd-sources.ts');
    const sources = await amdSources(JSON.parse(told));
    return (guard, { tell }, log) => sources(guard, tell as readonly KnownGpu[] | undefined, log);
  },
  nvidia: async (told) => {
    const { nvidiaSources } = await import('./nvidia-sources.ts');
    return (guard, { tell }, log) =>
      nvidiaSources(JSON.parse(told), guard, tell as readonly KnownGpu[] | undefined, log);
  },
  serving: async () => (await import('./serving-sources.ts')).servingSources,
  'nvidia-events': async (told) => {
    const { nvidiaEventSources } = await import('./nvidia-event-sources.ts');
    return (guard, { tell }, log) =>
      nvidiaEventSources(JSON.parse(told), guard, tell as readonly XidError[] | undefined, log);
  },
};

/**
 * Polls between two collections. Left to itself the engine doubles the heap first: of eight GPUs a probe
 * held 9 to 13 MiB instead of 6.
 */
const COLLECT: Readonly<Record<string, number>> = { nvidia: 100, 'nvidia-events': 100, amd: 100 };

const SETTINGS = '--settings=';

/**
 * The settings are JSON; for `sensors` `[path, value]` pairs, those in which the serving process differs from the
 * defaults, for the others see their module.
 */
export async function probe([
  kind = '',
  settings = `${SETTINGS}[]`,
]: readonly string[]): Promise<void> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (load === undefined || !settings.startsWith(SETTINGS)) {
    const kinds = Object.keys(KINDS).join(', ');
    process.stderr.write(
      `edgegauge: probe: there is no kind "${kind}" with ${settings}; there are: ${kinds}, with ${SETTINGS}JSON\n`,
    );
    process.exitCode = 1;
    return;
  }
  const sources = await load(settings.slice(SETTINGS.length));
  await runProbe({ sources, ...(COLLECT[kind] === undefined ? {} : { collect: COLLECT[kind] }) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
