/**
 * What edgegauge says of NVIDIA GPUs, per scenario of the fake library and dialect, whole.
 * `UPDATE_GOLDEN=1` writes the files anew.
 */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GPU_GROUP_NAMES } from '../../src/catalog/gpu/groups.ts';
import type { Dialect } from '../../src/catalog/signal.ts';
import { type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';
import { type MachineName, materialise } from '../trees/write.ts';
import { compare } from './compare.ts';
import { gpuPage, MOST_SERIES, seriesOf, settled } from './gpu-page.ts';

/** With the machine that such a GPU is in: GB10's memory is the machine's, and processes are looked up there. */
const SCENARIOS: readonly (readonly [scenario: string, machine: MachineName])[] = [
  ['gb10', 'spark'],
  ['rtx4090', 'vm'],
  ['h200x8', 'h100'],
  ['h100-mig', 'h100'],
  ['driver470', 'vm'],
  ['driver535', 'vm'],
  ['unsupported', 'vm'],
  ['sentinels', 'vm'],
  ['lost', 'vm'],
  ['garbage', 'vm'],
];

const DIALECTS: readonly Dialect[] = ['native', 'dcgm'];

/** Those with the most to say, with all of it switched on. */
const WHOLE: typeof SCENARIOS = SCENARIOS.filter(([name]) => /^(gb10|h200x8|h100-mig)$/.test(name));

/** GPUs that a scenario loses after so many calls, that is some time. */
const LOSES: Readonly<Record<string, number>> = { lost: 2 };

/** Of eight that are alike, one: in some pages the others are left out. */
const ALIKE: ReadonlySet<string> = new Set(['h200x8']);
const OTHERS = /^.*\b(?:device|gpu)="[1-7]".*\n/gm;

const START = ['--gpu.nvidia=true', '--gpu.poll-interval=50ms'];

const EVERYTHING = [
  ...GPU_GROUP_NAMES.map((group) => `--gpu.metrics.${group.replaceAll('_', '-')}`),
  '--gpu.per-process.enabled',
];

/** Runs edgegauge where the library answers as the scenario says, and looks at it when it has settled. */
async function looking(
  [name, machine]: (typeof SCENARIOS)[number],
  flags: readonly string[],
  look: (running: Running) => Promise<void>,
): Promise<void> {
  using fake = new FakeNvml(name, { elapsed: 0 });
  using tree = materialise(machine);
  await using running = await start(
    [...tree.flags, ...START, `--gpu.nvidia-library=${fake.library}`, ...flags],
    { env: { TZ: 'UTC', ...fake.env } },
  );
  await ready(running);
  await until(
    async () => (await scrape(running, '?collect[]=gpu')).match(/^gpu_lost\{.*\} 1$/gm) ?? [],
    (lost) => lost.length >= (LOSES[name] ?? 0),
  );
  await settled(running, 'nvidia');
  await look(running);
}

for (const scenario of SCENARIOS) {
  const [name] = scenario;
  testWith(['cc', 'nvmlHeader'], `the pages of ${name} are those in test/golden/nvidia`, () =>
    looking(scenario, [], async (running) => {
      for (const dialect of DIALECTS) {
        const text = await gpuPage(running, dialect, 'text');
        compare(`nvidia/${name}.${dialect}.text.txt`, text);
        const open = await gpuPage(running, dialect, 'openmetrics');
        const kept = ALIKE.has(name) ? open.replaceAll(OTHERS, '') : open;
        compare(`nvidia/${name}.${dialect}.openmetrics.txt`, kept);
      }
    }),
  );
}

for (const scenario of WHOLE) {
  const [name] = scenario;
  testWith(['cc', 'nvmlHeader'], `the page of ${name} with every group on is the one there`, () =>
    looking(scenario, EVERYTHING, async (running) => {
      const page = await gpuPage(running, 'native', 'text');
      const kept = ALIKE.has(name) ? page.replaceAll(OTHERS, '') : page;
      compare(`nvidia/${name}.everything.text.txt`, kept);
    }),
  );
}

test('no GPU has more than a hundred series by default', () => {
  const page = readFileSync(join(import.meta.dir, 'nvidia/h200x8.native.text.txt'), 'utf8');
  const series = seriesOf(page);
  expect([...series.keys()]).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  for (const [device, count] of series) {
    expect(count, `of GPU ${device}`).toBeLessThanOrEqual(MOST_SERIES);
  }
});
