/** The driver's library crashes again and again under one supervisor, which starts the real program each time. */
import { expect } from 'bun:test';
import { readdirSync } from 'node:fs';
import { Board } from '../../src/board/board.ts';
import { Layout } from '../../src/board/layout.ts';
import type { Probe } from '../../src/cli/lazy-probe.ts';
import { type NvidiaKind, nvidiaProbes } from '../../src/cli/nvidia-probes.ts';
import { buildConfig } from '../../src/config/config.ts';
import type { SupervisorOptions } from '../../src/probe/options.ts';
import { Stage } from '../../src/probe/stage.fixture.ts';
import { command, until } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';
import { childrenOf } from './gpu-patient.ts';

const CRASHES = 100;
const LIMIT = 180_000;
/** Milliseconds between a crash and the next start. */
const BACKOFF = { first: 5, last: 5 } as const;

const GPU = 'gpu_temperature_celsius{device="0"';

/** How this program starts the probe of this kind for that library. */
function probe(kind: NvidiaKind, fake: FakeNvml): Partial<SupervisorOptions> {
  const config = buildConfig(
    new Map([
      ['gpu.nvidia', 'true'],
      ['gpu.nvidia_library', fake.library],
    ]),
  );
  let found: Partial<SupervisorOptions> = {};
  const [lazy] = nvidiaProbes(
    config,
    new Layout(new Board()),
    [kind],
    (_, told, intervals, env) => {
      const argv = [...command(), 'probe', kind, `--settings=${JSON.stringify(told)}`];
      found = { kind, argv, intervals, env: { ...env, ...fake.env } };
      return { ...NO_PROBE, kind };
    },
  );
  lazy?.start();
  return found;
}

/** In the place of the one that is asked for: this test makes it itself. */
const NO_PROBE: Omit<Probe, 'kind'> = {
  ready: false,
  clock: undefined,
  start() {},
  touch() {},
  poll() {},
  sample() {},
  status: () => {
    throw new Error('there is no probe');
  },
  async stop() {},
};

const descriptors = (): string[] => readdirSync('/proc/self/fd');

testWith(
  ['cc', 'nvmlHeader'],
  'a hundred crashes are counted, each by its signal, and leave no zombie, descriptor or mapping behind',
  async () => {
    using fake = new FakeNvml('gb10');
    await using stage = new Stage({}, { ...probe('nvidia', fake), backoff: BACKOFF });
    const shown = () => stage.scrape().some((line) => line.startsWith(GPU));
    const crashed = (): number =>
      fake.count('abort PowerUsage') + fake.count('segfault PowerUsage');
    await until(shown, (yes) => yes);
    const before = descriptors();
    for (const [fault, least] of [
      ['abort', CRASHES / 2],
      ['segfault', CRASHES],
    ] as const) {
      fake.set('gpu 0', 'PowerUsage', fault);
      await until(
        () => {
          stage.scrape();
          return crashed();
        },
        (n) => n >= least,
      );
    }
    fake.unset('gpu 0', 'PowerUsage');
    await until(shown, (yes) => yes);
    const { restarts, lastError, state } = stage.supervisor.status();
    expect(state).toBe('running');
    expect(restarts).toMatchObject({
      SIGABRT: fake.count('abort PowerUsage'),
      SIGSEGV: fake.count('segfault PowerUsage'),
      deadline: 0,
      exit: 0,
    });
    expect(crashed()).toBeGreaterThanOrEqual(CRASHES);
    expect(lastError).toMatch(/^was ended by SIGSEGV at GPU-[^:]+: Segmentation fault at address/);
    expect(childrenOf(process.pid).filter((child) => child.state === 'Z')).toEqual([]);
    expect(childrenOf(process.pid)).toHaveLength(1);
    expect(readdirSync(stage.shared)).toEqual([]);
    // The runtime gives some back a little later.
    await until(descriptors, (now) => now.length <= before.length);
  },
  LIMIT,
);
