/**
 * Child of allocation.test.ts and of bench/allocation.ts: scrapes in process between two lines on
 * standard error, where a Bun with BUN_JSC_logGC=1 prints its collections.
 *
 *     bun allocation.fixture.ts MACHINE SCRAPES [WASTE [SCENARIO [engines]]]
 *
 * MACHINE: a fixture machine, or `live` for this one. WASTE: bytes to allocate beside each scrape, to
 * see that they are seen. SCENARIO: of the fake of NVIDIA's library, whose GPUs are on the board too, with
 * their processes. `engines`: sixteen model servers are asked besides.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Engines, startEngines } from '../bench/engines.ts';
import { gpuStart } from '../bench/gpu-settings.ts';
import { Board } from '../src/board/board.ts';
import { Layout } from '../src/board/layout.ts';
import { Registry } from '../src/board/registry.ts';
import { GPU_PROCESS } from '../src/catalog/gpu/process.ts';
import { PROBE } from '../src/catalog/probe.ts';
import { LLM } from '../src/catalog/serving.ts';
import { SERVING_ENVIRONMENT } from '../src/cli/serving-probe.ts';
import type { ServingTold } from '../src/cli/serving-sources.ts';
import { hostSources } from '../src/cli/sources.ts';
import { buildConfig } from '../src/config/config.ts';
import type { Value } from '../src/config/setting.ts';
import { Supervisor } from '../src/probe/supervisor.ts';
import { HttpMetrics } from '../src/self/http.ts';
import { Runtime } from '../src/self/runtime.ts';
import { LlmEnergy } from '../src/serving/energy.ts';
import { Exposition, type Plan } from '../src/text/exposition.ts';
import { until } from './edgegauge.ts';
import { FakeNvml } from './fakes/nvml/nvml.ts';
import { ROOT } from './parts.ts';
import { type MachineName, materialise } from './trees/write.ts';

/** Scrapes until the compiler is done and every page is there. */
const WARM_UP = 40_000;
/** The same of pages with GPUs: they are more, and larger. */
const GPU_WARM_UP = 60_000;
/** Milliseconds between two polls of the probe: frames are to be copied often. */
const POLL = 5;
/** The same of GPUs, whose poll takes longer; and processes that the scenarios have in all. */
const GPU_POLL = 50;
const PROCESSES = 64;
/** The same between two requests to a model server. */
const ASKED = 500;

const [machine = '', scrapes = '', waste = '0', scenario = '', engines = ''] =
  process.argv.slice(2);

/** Exported, so that it is not optimised away. */
export let wasted: number[] = [];

async function main(): Promise<void> {
  using tree = machine === 'live' ? undefined : materialise(machine as MachineName);
  const settings = new Map<string, Value>();
  for (const key of ['procfs', 'sysfs', 'rootfs'] as const) {
    if (tree !== undefined) settings.set(`path.${key}`, tree[key]);
  }
  if (tree !== undefined) settings.set('path.udev_data', tree.udev);
  using fake = scenario === '' ? undefined : new FakeNvml(scenario);
  await using servers = engines === '' ? undefined : await startEngines();
  const layout = new Layout(new Board());
  const probes = [
    sensors(layout, JSON.stringify([...settings])),
    ...(fake === undefined ? [] : [gpus(layout, fake)]),
    ...(servers === undefined ? [] : [serving(layout, servers)]),
  ];
  const { sources } = hostSources(buildConfig(settings));
  const energy = new LlmEnergy(layout);
  const own = [new HttpMetrics().source(), new Runtime().source(), energy.source()];
  const registry = new Registry(layout, [...sources, ...own], complain);
  registry.discover();
  for (const probe of probes) {
    probe.start();
    await until(
      () => probe.status(),
      (status) => status.state === 'running',
    );
  }
  if (fake !== undefined)
    await until(
      () => gpuProcesses(layout),
      (n) => n === PROCESSES,
    );
  if (servers !== undefined)
    await until(
      () => enginesUp(layout),
      (n) => n === servers.urls.length,
    );
  const frames = probes.map((probe) => new Frames(layout, probe));
  const sample = (): void => {
    for (let i = 0; i < frames.length; i++) (frames[i] as Frames).sample();
  };
  measure(new Exposition(layout, registry, sample));
  if (frames.some(({ count }) => count < 2)) throw new Error('a probe gave nothing to copy');
  for (const probe of probes) await probe.stop();
}

/** Processes on GPUs that are on the board. */
const gpuProcesses = (layout: Layout): number =>
  [...layout.series()].filter(({ signal }) => signal.id === GPU_PROCESS.memory.id).length;

/** Model servers whose figures are on the board. */
const enginesUp = (layout: Layout): number =>
  new Set(
    [...layout.series()]
      .filter(({ signal }) => signal.id === LLM.generated.id)
      .map(({ labels }) => labels['endpoint']),
  ).size;

/** Counts the frames that come to the board. */
class Frames {
  count = 0;
  readonly #layout: Layout;
  readonly #probe: Supervisor;
  readonly #slot: number;
  #time = Number.NaN;

  constructor(layout: Layout, probe: Supervisor) {
    this.#layout = layout;
    this.#probe = probe;
    const series = [...layout.series()].find(
      (s) => s.signal === PROBE.probeSampleTimestamp && s.labels['source'] === probe.kind,
    );
    if (series === undefined) throw new Error('the probe has no series');
    this.#slot = series.slot;
  }

  sample(): void {
    this.#probe.sample();
    const time = this.#layout.board.values[this.#slot] as number;
    if (!Object.is(time, this.#time)) this.count++;
    this.#time = time;
  }
}

function complain(source: string, message: string): void {
  writeSync(2, `${source}: ${message}\n`);
}

const sensors = (layout: Layout, settings: string): Supervisor =>
  new Supervisor({
    kind: 'sensors',
    argv: [
      process.execPath,
      join(ROOT, 'src/main.ts'),
      'probe',
      'sensors',
      `--settings=${settings}`,
    ],
    layout,
    intervals: { busy: POLL, idle: POLL, idleAfter: Number.POSITIVE_INFINITY },
  });

function gpus(layout: Layout, fake: FakeNvml): Supervisor {
  const { options, env } = gpuStart(fake, 'full', GPU_POLL);
  const kind = 'nvidia';
  return new Supervisor({
    kind,
    argv: [
      process.execPath,
      join(ROOT, 'src/main.ts'),
      'probe',
      kind,
      `--settings=${JSON.stringify(options)}`,
    ],
    env,
    layout,
    intervals: { busy: GPU_POLL, idle: GPU_POLL, idleAfter: Number.POSITIVE_INFINITY },
  });
}

function serving(layout: Layout, { urls }: Engines): Supervisor {
  const supervisor = new Supervisor({
    kind: 'serving',
    argv: [process.execPath, join(ROOT, 'src/main.ts'), 'probe', 'serving', '--settings={}'],
    env: SERVING_ENVIRONMENT,
    layout,
    intervals: { busy: POLL, idle: POLL, idleAfter: Number.POSITIVE_INFINITY },
  });
  supervisor.tell({
    procfs: '/proc',
    targets: urls.map((url) => ({ engine: 'vllm', url })),
    engines: [],
    discover: false,
    discoverElsewhere: false,
    interval: ASKED,
    busy: POLL,
    instanceLabel: false,
    gpuLabel: false,
    holders: [],
  } satisfies ServingTold);
  return supervisor;
}

function measure(exposition: Exposition): void {
  const all = { collect: [], exclude: [] };
  const plans = [
    exposition.plan({ ...all, format: 'text', dialects: ['node'] }),
    exposition.plan({ ...all, format: 'openmetrics', dialects: ['native', 'node'] }),
    exposition.plan({ format: 'text', dialects: ['node'], collect: ['cpu', 'arp'], exclude: [] }),
    exposition.plan({ format: 'openmetrics', dialects: ['native'], collect: [], exclude: ['cpu'] }),
    ...(scenario === ''
      ? []
      : [exposition.plan({ ...all, format: 'text', dialects: ['native', 'dcgm'] })]),
  ];
  run(scenario === '' && engines === '' ? WARM_UP : GPU_WARM_UP, exposition, plans);
  writeSync(2, 'begin\n');
  run(Number(scrapes), exposition, plans);
  writeSync(2, 'end\n');
}

function run(count: number, exposition: Exposition, plans: readonly Plan[]): void {
  const numbers = Number(waste) / 8;
  for (let i = 0; i < count; i++) {
    exposition.scrape(plans[i % plans.length] as Plan);
    if (numbers > 0) wasted = new Array(numbers).fill(i);
  }
}

await main();
process.exit(0);
