/** `edgegauge probe KIND --settings=JSON`: the child of a serving process that reads devices. */
import { buildConfig } from '../config/config.ts';
import type { Value } from '../config/setting.ts';
import { runProbe } from '../probe/child.ts';
import { sensorSources } from './sensor-sources.ts';

const SETTINGS = '--settings=';

/** The settings are JSON of `[path, value]` pairs, those in which the serving process differs from the defaults. */
export async function probe([
  kind = '',
  settings = `${SETTINGS}[]`,
]: readonly string[]): Promise<void> {
  if (kind !== 'sensors' || !settings.startsWith(SETTINGS)) {
    process.stderr.write(
      `edgegauge: probe: there is no kind "${kind}" with ${settings}; there are: sensors, with ${SETTINGS}JSON\n`,
    );
    process.exitCode = 1;
    return;
  }
  const pairs = JSON.parse(settings.slice(SETTINGS.length)) as [string, Value][];
  const config = buildConfig(new Map(pairs));
  await runProbe({ sources: (guard) => sensorSources(config, guard) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
