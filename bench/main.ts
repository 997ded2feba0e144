/**
 * The numbers that this program promises, measured here: `bun bench/main.ts [--quick] [NAME…]`.
 * One program per promise; all when none is named. The table comes last. A missed budget is not an
 * error: what is measured depends on the machine, and on what else it does.
 */
import { cpus, release } from 'node:os';
import type { Promised } from './scope.ts';
import { type Row, table } from './table.ts';

const PROMISES: Readonly<Record<string, () => Promise<Promised>>> = {
  scrape: async () => (await import('./scrape.ts')).scrape,
  floor: async () => (await import('./floor.ts')).floor,
  memory: async () => (await import('./memory.ts')).memory,
  start: async () => (await import('./start.ts')).start,
  poll: async () => (await import('./poll.ts')).poll,
  gpu: async () => (await import('./gpu.ts')).gpu,
  'gpu-memory': async () => (await import('./gpu-memory.ts')).gpuMemory,
  serving: async () => (await import('./serving.ts')).serving,
  exposition: async () => (await import('./exposition.ts')).exposition,
  allocation: async () => (await import('./allocation.ts')).allocation,
};

async function main(words: readonly string[]): Promise<void> {
  const quick = words.includes('--quick');
  const asked = words.filter((word) => word !== '--quick');
  const unknown = asked.filter((name) => !(name in PROMISES));
  if (unknown.length > 0) {
    throw new Error(`${unknown.join(', ')}: there are ${Object.keys(PROMISES).join(', ')}`);
  }
  const rows: Row[] = [];
  for (const [name, load] of Object.entries(PROMISES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`${name}:`);
    try {
      const measure = await load();
      rows.push(...(await measure({ quick })));
    } catch (error) {
      // The others are measured all the same.
      fail(name, error);
    }
  }
  const [cpu] = cpus();
  console.log(`\n${cpus().length} × ${cpu?.model}, Linux ${release()}, Bun ${Bun.version}`);
  console.log(table(rows));
}

function fail(where: string, error: unknown): void {
  console.error(`${where}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  fail('bench', error);
}
