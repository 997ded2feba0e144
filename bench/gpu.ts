/**
 * What a poll of GPUs costs the probe beyond what NVIDIA's library takes for itself, measured with a fake of
 * that library and the runtime set as the probe's: eight GPUs, what is on by default, and everything.
 */
import { join } from 'node:path';
import { childEnvironment } from '../src/probe/process.ts';
import { FakeNvml } from '../test/fakes/nvml/nvml.ts';
import { type GpuSet, gpuStart } from './gpu-settings.ts';
import { median, quantile } from './samples.ts';
import type { Scope } from './scope.ts';
import type { Row } from './table.ts';

const SCENARIO = 'h200x8';
const NANOSECONDS = 1e6;

export async function gpu({ quick }: Scope): Promise<Row[]> {
  const polls = quick ? 50 : 1000;
  const rows: Row[] = [];
  for (const set of ['default', 'full'] as const) {
    const { series, costs } = await poll(set, polls);
    console.log(`  ${set} set: ${polls} polls, ${series} series`);
    const row = (what: string, measured: number): Row => ({
      what: `gpu: one poll of 8 fake GPUs, ${set} set, ${what}`,
      measured: measured / NANOSECONDS,
      unit: 'ms',
      budget: { of: 1, factor: 1 },
    });
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    rows.push(row('median', median(costs)), row('mean', mean));
    rows.push({ ...row('99th percentile', quantile(costs, 0.99)), budget: { of: 1 } });
  }
  return rows;
}

async function poll(
  set: GpuSet,
  polls: number,
): Promise<{ readonly series: number; readonly costs: readonly number[] }> {
  using fake = new FakeNvml(SCENARIO);
  const { env } = gpuStart(fake, set, 1);
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, 'gpu-poll.ts'), SCENARIO, set, String(polls)],
    { env: childEnvironment(process.env, env), stdout: 'pipe', stderr: 'pipe' },
  );
  const [said, failed] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(failed);
  const [series = 0, ...costs] = said.trim().split('\n').map(Number);
  return { series, costs };
}
