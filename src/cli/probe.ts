/** `edgegauge probe KIND --settings=JSON`: the child of a serving process that reads devices. */
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import { buildConfig, type Config } from '../config/config.ts';
import type { Value } from '../config/setting.ts';
import { runProbe } from '../probe/child.ts';

type Sources = (config: Config, guard: Guard) => readonly Source[];

/** What each kind samples; loaded when it is asked for. */
const KINDS: Readonly<Record<string, () => Promise<Sources>>> = {
  sensors: async () => (await import('./sensor-sources.ts')).sensorSources,
  nvidia: async () => (await import('./nvidia-sources.ts')).nvidiaSources,
  'nvidia-events': async () => (await import('./nvidia-sources.ts')).nvidiaEventSources,
};

const SETTINGS = '--settings=';

/** The settings are JSON of `[path, value]` pairs, those in which the serving process differs from the defaults. */
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
  const sources = await load();
  const pairs = JSON.parse(settings.slice(SETTINGS.length)) as [string, Value][];
  const config = buildConfig(new Map(pairs));
  await runProbe({ sources: (guard) => sources(config, guard) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
