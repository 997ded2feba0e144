/** `edgegauge probe KIND --settings=JSON`: the child of a serving process that reads devices. */
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import type { Value } from '../config/setting.ts';
import { runProbe } from '../probe/child.ts';

/** What each kind samples, by what it was told; loaded when it is asked for, each for itself. */
const KINDS: Readonly<Record<string, (told: string) => Promise<(guard: Guard) => Source[]>>> = {
  sensors: async (told) => {
    const { buildConfig } = await import('../config/config.ts');
    const { sensorSources } = await import('./sensor-sources.ts');
    const config = buildConfig(new Map(JSON.parse(told) as [string, Value][]));
    return (guard) => sensorSources(config, guard);
  },
  amd: async (told) => {
    const { amdSources } = await import('./amd-sources.ts');
    return await amdSources(JSON.parse(told));
  },
  nvidia: async (told) => {
    const { nvidiaSources } = await import('./nvidia-sources.ts');
    return (guard) => nvidiaSources(JSON.parse(told), guard);
  },
  'nvidia-events': async (told) => {
    const { nvidiaEventSources } = await import('./nvidia-event-sources.ts');
    return (guard) => nvidiaEventSources(JSON.parse(told), guard);
  },
};

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
  await runProbe({ sources: await load(settings.slice(SETTINGS.length)) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
