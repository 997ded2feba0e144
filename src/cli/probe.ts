/** `edgegauge probe KIND`: the child of a serving process that reads devices. */
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import { buildConfig, type Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Value } from '../config/setting.ts';
import { runProbe } from '../probe/child.ts';

type Sources = (config: Config, guard: Guard) => readonly Source[];

/** What each kind samples; loaded when it is asked for. */
const KINDS: Readonly<Record<string, () => Promise<Sources>>> = {
  sensors: async () => (await import('./sensor-sources.ts')).sensorSources,
  nvidia: async () => (await import('./nvidia-sources.ts')).nvidiaSources,
  'nvidia-events': async () => (await import('./nvidia-sources.ts')).nvidiaEventSources,
};

/** `settings`: JSON of `[path, value]` pairs, those in which the serving process differs from the defaults. */
export async function probe(kind: string, settings: string): Promise<void> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (load === undefined) {
    const kinds = Object.keys(KINDS).join(', ');
    throw new ConfigError([`probe: there is no kind "${kind}"; there are: ${kinds}`]);
  }
  const sources = await load();
  const config = buildConfig(new Map(JSON.parse(settings) as [string, Value][]));
  await runProbe({ sources: (guard) => sources(config, guard) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
