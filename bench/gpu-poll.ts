/**
 * Child of bench/gpu.ts: polls a fake of NVIDIA's library in process, a second after the other by its own
 * clock, and prints what a poll takes beyond the fake's own time, in nanoseconds, one per line.
 *
 *     bun gpu-poll.ts SCENARIO SET POLLS
 */
import { Board } from '../src/board/board.ts';
import { Layout } from '../src/board/layout.ts';
import { Registry } from '../src/board/registry.ts';
import { nvidiaSources } from '../src/cli/nvidia-sources.ts';
import { FakeNvml } from '../test/fakes/nvml/nvml.ts';
import { type GpuSet, gpuStart } from './gpu-settings.ts';

/** Milliseconds of the sources' clock between two polls. */
const INTERVAL = 1000;
/** Until each group was asked, and what is computed from two samples is there. */
const WARM_UP = 30;

const [scenario = '', set = '', polls = ''] = process.argv.slice(2);
using fake = new FakeNvml(scenario);
fake.open();

let time = 0;
performance.now = () => time;

const { options } = gpuStart(fake, set as GpuSet, INTERVAL);
const layout = new Layout(new Board());
const registry = new Registry(layout, nvidiaSources(options, { enter: () => true, leave() {} }));
registry.discover();

function poll(): number {
  time += INTERVAL;
  const before = fake.spent().nanoseconds;
  const began = Bun.nanoseconds();
  registry.sample();
  const took = Bun.nanoseconds() - began;
  return took - (fake.spent().nanoseconds - before);
}

for (let i = 0; i < WARM_UP; i++) poll();
for (const { status, error } of registry.reports()) {
  if (status !== 'ok') throw new Error(`${scenario}: ${status}: ${error}`);
}
console.log(layout.board.used);
for (let i = 0; i < Number(polls); i++) console.log(poll());
process.exit(0);
