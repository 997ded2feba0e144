/** What `snapshot` and `doctor` share: a node that samples once without serving. */
import { Runtime } from '../self/runtime.ts';
import { Assembly } from './assembly.ts';
import { type Invocation, type Loaded, load } from './invocation.ts';
import type { Log } from './log.ts';
import { createProbes } from './probes.ts';
import { hostSources } from './sources.ts';

/** Milliseconds that cpu_usage_percent is measured over when there is only one sample. */
const USAGE_WINDOW = 500;

/** What fails stands in the snapshot (`edgegauge_source_up`) and in what `doctor` says. */
const NO_LOG: Log = () => {};

/** `adapt`: what is to be otherwise than the user has it. */
export async function oneShot(
  invocation: Invocation,
  adapt = (loaded: Loaded): Loaded => loaded,
): Promise<Assembly> {
  const loaded = adapt(await load(invocation));
  const { sources, stat } = hostSources(loaded.config);
  const assembly = new Assembly({
    loaded,
    sources: [...sources, new Runtime().source()],
    tick: () => stat.tick(),
    probes: (layout) => createProbes(loaded, layout, NO_LOG, ['nvidia']),
    complain: () => {},
  });
  return assembly;
}

/**
 * Waits until the probes have a sample, or are known to have none, and a usage window is over; then asks
 * for another sample, in which mounts that are asked in the background have answered.
 */
export async function firstSample(assembly: Assembly): Promise<void> {
  // A probe that hangs is ended after three deadlines at most: then it is known why there is no sample.
  const limit = 4 * assembly.config.poll.deadline + USAGE_WINDOW;
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const until = async (done: () => boolean): Promise<void> => {
    while (!done() && elapsed() < limit) {
      assembly.refresh();
      await Bun.sleep(10);
    }
  };
  assembly.tick();
  assembly.start();
  for (const probe of assembly.probes) probe.touch();
  await until(() => elapsed() >= USAGE_WINDOW && assembly.ready());
  const polled = elapsed();
  for (const probe of assembly.probes) {
    probe.sample();
    probe.poll();
  }
  const isNew = (age: number | undefined): boolean =>
    age === undefined || age * 1000 < elapsed() - polled;
  await until(() =>
    assembly.probes.every((p) => {
      p.sample();
      return isNew(p.status().sampleAgeSeconds);
    }),
  );
  assembly.tick();
}
