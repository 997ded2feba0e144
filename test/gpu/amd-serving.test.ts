/** Two real engines on an AMD GPU: which server holds it, and what each used of its energy. */
import { expect, setDefaultTimeout } from 'bun:test';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ready, scrape, start } from '../edgegauge.ts';
import { testWith } from '../parts.ts';
import { type Llama, startLlama } from '../serving/llama.ts';
import { energyOf } from '../serving/shared-gpu.ts';
import { amdDirectory, amdMachines, MI300X_PAIR } from '../trees/amd.ts';
import { instinct } from '../trees/amd-cards.ts';
import { metrics16to18 } from '../trees/amd-metrics.ts';
import { type Materialised, materialiseTree } from '../trees/write.ts';

setDefaultTimeout(60_000);

const [FIRST, SECOND] = MI300X_PAIR as [(typeof MI300X_PAIR)[0], (typeof MI300X_PAIR)[0]];
/** The counter's unit, 2^-16 J. */
const JOULE = 2n ** 16n;
/** What the card uses from one write of its table to the next. */
const STEP = { joules: 50n, milliseconds: 100 };

/** The card's counter goes on until this is disposed of. */
function atWork(tree: Materialised): Disposable {
  const path = join(tree.rootfs, amdDirectory(FIRST), 'gpu_metrics');
  let { energy } = instinct(0);
  const timer = setInterval(() => {
    energy += STEP.joules * JOULE;
    // At once, as the driver gives it out.
    writeFileSync(`${path}.new`, metrics16to18(7, { ...instinct(0), energy }));
    renameSync(`${path}.new`, path);
  }, STEP.milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Puts a process that runs on the first card into KFD's list, which has every card for each. */
function compute(tree: Materialised, { pid }: Llama, units: number): void {
  const base = join(tree.sysfs, 'devices/virtual/kfd/kfd/proc', String(pid));
  for (const [card, vram, occupied] of [
    [FIRST, 2 ** 30, units],
    [SECOND, 0, 0],
  ] as const) {
    const id = card.kfd?.id;
    mkdirSync(join(base, `stats_${id}`), { recursive: true });
    writeFileSync(join(base, `vram_${id}`), `${vram}\n`);
    writeFileSync(join(base, `stats_${id}`, 'cu_occupancy'), `${occupied}\n`);
  }
}

testWith(
  ['llama'],
  'energy of a shared AMD GPU is split between its servers, and the parts are the whole',
  async ({ llama }) => {
    // Without processes of its own: /proc is that of the machine on which the engines run.
    const machine = amdMachines.mi300x();
    for (const path of machine.keys()) {
      if (path.startsWith('sys/devices/virtual/kfd/kfd/proc/')) machine.delete(path);
    }
    using tree = materialiseTree(machine, 'amd-serving');
    await using one = await startLlama(llama);
    await using two = await startLlama(llama);
    compute(tree, one, 228);
    compute(tree, two, 76);
    using _work = atWork(tree);
    await using running = await start([
      `--path.sysfs=${tree.sysfs}`,
      '--poll.interval=100ms',
      '--serving.interval=200ms',
      '--gpu.poll-interval=100ms',
    ]);
    await ready(running);

    const used = await energyOf(running, one.port, two.port, 'device="0"');
    expect(used.one / used.two).toBeCloseTo(3, 5);
    // A poll's energy at either end: the counter is read at one time and shared out at another.
    expect(Math.abs(used.one + used.two - used.gpu)).toBeLessThan(0.2 * used.gpu);

    const page = await scrape(running);
    const uuid = 'GPU-a1b2c3d400000a10';
    expect(page).toMatch(new RegExp(`^gpu_info\\{.*uuid="${uuid}".*vendor="amd"`, 'm'));
    for (const { port, pid } of [one, two]) {
      const server = `engine="llamacpp",model="lab-model",endpoint="127.0.0.1:${port}"`;
      expect(page).toContain(`llm_engine_gpu_info{${server},gpu="0",uuid="${uuid}"} 1`);
      // A process that opened KFD is listed for every GPU, and holds those on which it has memory.
      expect(page).not.toContain(`llm_engine_gpu_info{${server},gpu="1"`);
      expect(page).toContain(
        `gpu_process_info{pid="${pid}",framework="llamacpp",engine="llamacpp",model="lab-model"} 1`,
      );
    }
    expect(page).not.toContain('gpu_process_memory_bytes');
  },
);
