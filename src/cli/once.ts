/** What `snapshot` and `doctor` share: a node that samples once without serving. */
import { Runtime } from '../self/runtime.ts';
import { Assembly } from './assembly.ts';
import { type Invocation, load } from './invocation.ts';
import { createLog } from './log.ts';
import { createProbes } from './probes.ts';
import { hostSources } from './sources.ts';

/** Milliseconds that cpu_usage_percent is measured over when there is only one sample. */
const USAGE_WINDOW = 500;

export async function oneShot(invocation: Invocation): Promise<Assembly> {
  const loaded = await load(invocation);
  const log = createLog(() => ({ ...loaded.config.log, level: 'error' }));
  const { sources, stat } = hostSources(loaded.config);
  const assembly = new Assembly({
    loaded,
    sources: [...sources, new Runtime().source()],
    tick: () => stat.tick(),
    probes: (layout) => createProbes(loaded, layout, log),
    complain: () => {},
  });
  return assembly;
}

/** Waits until the probes have a first sample, or are known to have none, and a usage window is over. */
export async function firstSample(assembly: Assembly): Promise<void> {
  assembly.tick();
  assembly.start();
  const started = performance.now();
  const { deadline } = assembly.config.poll;
  while (performance.now() - started < USAGE_WINDOW || !assembly.ready()) {
    if (performance.now() - started > deadline + USAGE_WINDOW) break;
    await Bun.sleep(10);
  }
  assembly.tick();
}
