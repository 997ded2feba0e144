/** Two real engines on one GPU: which server holds it, and what each used of its energy. */
import { expect } from 'bun:test';
import { ready, scrape, start } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';
import { startLlama } from './llama.ts';
import { energyOf } from './shared-gpu.ts';

const FAST = [
  '--poll.interval=100ms',
  '--serving.interval=200ms',
  '--gpu.nvidia=true',
  '--gpu.poll-interval=100ms',
];

/** Others on the GPU in the scenario, which keep a part of it for themselves. */
const OTHERS = [2101, 2377, 9107];

testWith(
  ['llama', 'cc', 'nvmlHeader'],
  'energy of a shared GPU is split between its servers, and the parts are the whole',
  async ({ llama }) => {
    using fake = new FakeNvml('rtx4090');
    await using one = await startLlama(llama);
    await using two = await startLlama(llama);
    for (const pid of OTHERS) fake.remove(`gpu 0 process ${pid}`);
    const gpu = (pid: number, smUtil: number): void =>
      fake.setAll(`gpu 0 process ${pid}`, { usedGpuMemory: '1000MiB', smUtil });
    gpu(one.pid, 60);
    gpu(two.pid, 20);
    await using running = await start([...FAST, `--gpu.nvidia-library=${fake.library}`], {
      env: fake.env,
    });
    await ready(running);

    const used = await energyOf(running, one.port, two.port);
    expect(used.one / used.two).toBeCloseTo(3, 1);
    // A poll's energy at either end: the counter is read at one time and shared out at another.
    expect(Math.abs(used.one + used.two - used.gpu)).toBeLessThan(0.2 * used.gpu);

    const page = await scrape(running);
    const uuid = /^gpu_info\{.*uuid="([^"]+)"/m.exec(page)?.[1];
    for (const { port } of [one, two]) {
      expect(page).toContain(
        `llm_engine_gpu_info{engine="llamacpp",model="lab-model",endpoint="127.0.0.1:${port}",gpu="0",uuid="${uuid}"} 1`,
      );
    }
    for (const { pid } of [one, two]) {
      expect(page).toContain(
        `gpu_process_info{pid="${pid}",framework="llamacpp",engine="llamacpp",model="lab-model"} 1`,
      );
    }
    expect(page).not.toContain('gpu_process_memory_bytes');
  },
);
