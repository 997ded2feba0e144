/** `edgegauge probe KIND`: the child of a serving process that reads devices. */
import { buildConfig } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Value } from '../config/setting.ts';
import { runProbe } from '../probe/child.ts';
import { sensorSources } from './sensor-sources.ts';

/** `settings`: JSON of `[path, value]` pairs, those in which the serving process differs from the defaults. */
export async function probe(kind: string, settings: string): Promise<void> {
  if (kind !== 'sensors') {
    throw new ConfigError([`probe: there is no kind "${kind}"; there are: sensors`]);
  }
  const config = buildConfig(new Map(JSON.parse(settings) as [string, Value][]));
  await runProbe({ sources: (guard) => sensorSources(config, guard) });
  // A read that still hangs in the thread pool must not hold the process: nobody listens any more.
  process.exit(0);
}
