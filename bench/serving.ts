/**
 * What sixteen model servers on the machine cost: a line of a scrape, which must not cost more than any
 * other, and in the background, where their pages are asked and read.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contender } from './contender.ts';
import { startEngines } from './engines.ts';
import { anonymousBytes, cpuSeconds, probeOf } from './processes.ts';
import type { Scope } from './scope.ts';
import { edgegauge, type Server } from './servers.ts';
import type { Row } from './table.ts';

/** Milliseconds between two requests to a server, as by default. */
const INTERVAL = 15_000;
const WARM_UP = 5000;
const SCRAPES = 1000;
const MEBIBYTE = 2 ** 20;

export async function serving({ quick }: Scope): Promise<Row[]> {
  await using engines = await startEngines();
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-serving-'));
  const file = join(directory, 'edgegauge.yaml');
  const targets = engines.urls.map((url) => ({ engine: 'vllm', url }));
  writeFileSync(file, JSON.stringify({ serving: { targets, discover: false } }));
  const without = await edgegauge(['--no-serving.enabled']);
  const all = await edgegauge([`--config.file=${file}`]);
  try {
    await shown(all, engines.urls.length);
    const [one, two] = [
      await Contender.of(without, 'identity'),
      await Contender.of(all, 'identity'),
    ];
    await Promise.all([one.scrape(WARM_UP), two.scrape(WARM_UP)]);
    for (let round = 0; round < (quick ? 2 : 10); round++) {
      await one.measure(SCRAPES);
      await two.measure(SCRAPES);
    }
    const lines = [await linesOf(without), await linesOf(all)] as const;
    const [few, many] = [(one.cpu * 1e6) / lines[0], (two.cpu * 1e6) / lines[1]];
    one.close();
    two.close();
    return [...cost(lines[1] - lines[0], few, many), ...(await background(all, quick ? 1 : 8))];
  } finally {
    await Promise.all([without.stop(), all.stop()]);
    rmSync(directory, { recursive: true });
  }
}

const cost = (more: number, few: number, many: number): Row[] => [
  { what: 'serving: lines of 16 model servers', measured: more, unit: '' },
  { what: 'serving: CPU per line without them', measured: few, unit: 'ns' },
  {
    what: 'serving: CPU per line with them',
    measured: many,
    unit: 'ns',
    budget: { of: few, factor: 1, whose: 'without them' },
  },
];

/** What the probe uses while it asks all of them every fifteen seconds. */
async function background({ pid, port }: Server, intervals: number): Promise<Row[]> {
  const probe = probeOf(pid, 'serving');
  const before = cpuSeconds(probe);
  const memory: number[] = [];
  for (let i = 0; i < intervals; i++) {
    await Bun.sleep(INTERVAL);
    // Somebody scrapes, or nobody would be asked.
    await fetch(`http://127.0.0.1:${port}/metrics`).then((r) => r.text());
    memory.push(anonymousBytes(probe) / MEBIBYTE);
  }
  const used = ((cpuSeconds(probe) - before) * 1000) / intervals;
  return [
    { what: 'serving: CPU of the probe in 15 s', measured: used, unit: 'ms' },
    { what: 'serving: memory of the probe, most', measured: Math.max(...memory), unit: 'MiB' },
    {
      what: 'serving: memory of the probe at the end',
      measured: memory.at(-1) ?? Number.NaN,
      unit: 'MiB',
    },
  ];
}

async function shown(server: Server, count: number): Promise<void> {
  for (;;) {
    const page = await fetch(`http://127.0.0.1:${server.port}/metrics`).then((r) => r.text());
    if ((page.match(/^llm_up\{.*\} 1$/gm) ?? []).length === count) return;
    await Bun.sleep(100);
  }
}

const linesOf = async ({ port }: Server): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/metrics`).then((r) => r.text())).match(/^[^#]/gm)
    ?.length ?? 0;
