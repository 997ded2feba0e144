/**
 * What edgegauge says of AMD GPUs by their files alone, per machine and dialect, whole; and of a node that has
 * GPUs of both vendors. `UPDATE_GOLDEN=1` writes the files anew.
 */
import { expect, test } from 'bun:test';
import { GPU_GROUP_NAMES } from '../../src/catalog/gpu/groups.ts';
import type { Dialect } from '../../src/catalog/signal.ts';
import { type Running, ready, start } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';
import { amdMachines } from '../trees/amd.ts';
import { materialiseTree } from '../trees/write.ts';
import { compare } from './compare.ts';
import { gpuPage, MOST_SERIES, seriesOf, settled } from './gpu-page.ts';

const MACHINES = ['mi300x', 'radeon', 'apu'] as const;
const DIALECTS: readonly Dialect[] = ['native', 'dcgm'];

const START = ['--gpu.amd=true', '--gpu.amd-backend=sysfs', '--gpu.poll-interval=50ms'];
const EVERYTHING = [
  ...GPU_GROUP_NAMES.map((group) => `--gpu.metrics.${group.replaceAll('_', '-')}`),
  '--gpu.per-process.enabled',
  '--gpu.per-process.user',
];

async function looking(
  machine: keyof typeof amdMachines,
  flags: readonly string[],
  look: (running: Running) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  using tree = materialiseTree(amdMachines[machine](), machine);
  await using running = await start([...tree.flags, ...START, ...flags], {
    env: { TZ: 'UTC', ...env },
  });
  await ready(running);
  await settled(running, 'amd');
  await look(running);
}

test.each(MACHINES)('the pages of %s are those in test/golden/amd', (name) =>
  looking(name, [], async (running) => {
    for (const dialect of DIALECTS) {
      compare(`amd/${name}.${dialect}.text.txt`, await gpuPage(running, dialect));
    }
    for (const [device, count] of seriesOf(await gpuPage(running, 'native'))) {
      expect(count, `of GPU ${device}`).toBeLessThanOrEqual(MOST_SERIES);
    }
  }),
);

test.each(MACHINES)('the page of %s with every group on is the one there', (name) =>
  looking(name, EVERYTHING, async (running) => {
    compare(`amd/${name}.everything.text.txt`, await gpuPage(running, 'native'));
  }),
);

/** Samples of each family sorted: whose come first depends on which probe was there first. */
const inOrder = (page: string): string =>
  page.replace(
    /(?:^[^#\n].*\n)+/gm,
    (samples) => `${samples.trimEnd().split('\n').sort().join('\n')}\n`,
  );

testWith(['cc', 'nvmlHeader'], 'one page covers a node with GPUs of both vendors', async () => {
  using fake = new FakeNvml('rtx4090', { elapsed: 0 });
  const flags = ['--gpu.nvidia=true', `--gpu.nvidia-library=${fake.library}`];
  await looking(
    'radeon',
    flags,
    async (running) => {
      await settled(running, 'nvidia');
      compare('amd/mixed.native.text.txt', inOrder(await gpuPage(running, 'native')));
    },
    fake.env,
  );
});
