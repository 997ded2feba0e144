/**
 * Anonymous memory of the compiled probes of GPUs over a hundred thousand polls, and how many polls there are
 * to a collection. What the fake of NVIDIA's library holds for itself is measured in a C program and told apart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader } from '../src/probe/frame.ts';
import { adoptMapping } from '../src/probe/mapping.ts';
import { parseMessage, type Report } from '../src/probe/messages.ts';
import { childEnvironment, ProbeProcess } from '../src/probe/process.ts';
import { until } from '../test/edgegauge.ts';
import { buildClient } from '../test/fakes/nvml/client.ts';
import { FakeNvml } from '../test/fakes/nvml/nvml.ts';
import { nvmlHeader } from '../test/parts/libraries.ts';
import { type GpuSet, gpuStart } from './gpu-settings.ts';
import { anonymousBytes } from './processes.ts';
import { median } from './samples.ts';
import type { Scope } from './scope.ts';
import { binary } from './servers.ts';
import type { Row } from './table.ts';

const MEBIBYTE = 2 ** 20;
/** Milliseconds between two polls. */
const FAST = 1;
const USUAL = 1000;
/** Milliseconds at the usual pace until memory is looked at again. */
const REST = 10_000;
const POINTS = 10;
/** Milliseconds between two looks at memory. */
const LOOK = 50;
const PATIENCE = 600_000;
/** A wait for events takes nine tenths of a second, so there are not many. */
const WAITS = 20;

interface Case {
  readonly kind: 'nvidia' | 'nvidia-events';
  readonly scenario: string;
  readonly set: GpuSet;
  readonly polls: number;
  readonly budget?: number;
}

export async function gpuMemory({ quick }: Scope): Promise<Row[]> {
  const polls = quick ? 2000 : 100_000;
  const few = quick ? 2000 : 20_000;
  const cases: Case[] = [
    { kind: 'nvidia', scenario: 'h200x8', set: 'default', polls, budget: 5 },
    { kind: 'nvidia', scenario: 'h200x8', set: 'full', polls: few },
    { kind: 'nvidia', scenario: 'gb10', set: 'default', polls, budget: 5 },
    { kind: 'nvidia', scenario: 'gb10', set: 'full', polls: few },
    {
      kind: 'nvidia-events',
      scenario: 'h200x8',
      set: 'default',
      polls: quick ? 3 : WAITS,
      budget: 5,
    },
  ];
  const rows: Row[] = [];
  for (const each of cases) rows.push(...(await measure(each)));
  return rows;
}

async function measure({ kind, scenario, set, polls, budget }: Case): Promise<Row[]> {
  const what = `probe ${kind}, ${scenario}, ${set} set`;
  using fake = new FakeNvml(scenario);
  const library = (await fakeBytes(fake)) / MEBIBYTE;
  using probe = new Child(kind, fake, set);
  await until(
    () => probe.polls,
    (n) => n > 0,
  );
  const points: number[] = [];
  const collections = probe.collections;
  for (let i = 1; i <= POINTS; i++) {
    points.push(median(await looks(probe, (polls * i) / POINTS)) / MEBIBYTE);
  }
  const perCollection = probe.polls / Math.max(1, probe.collections - collections);
  const growth = ((points.at(-1) ?? 0) / (points[POINTS / 2 - 1] ?? 0) - 1) * 100;
  probe.pace(USUAL);
  await Bun.sleep(REST);
  const rest = anonymousBytes(probe.pid) / MEBIBYTE;
  console.log(
    `  ${what}: ${points.map((p) => p.toFixed(2)).join(' ')}, at rest ${rest.toFixed(2)} MiB`,
  );
  const row = (name: string, measured: number, unit: string, of?: number): Row => ({
    what: `${what}, ${polls} polls: ${name}`,
    measured,
    unit,
    ...(of === undefined ? {} : { budget: { of, factor: 1 } }),
  });
  return [
    row('memory, without the fake library’s', rest - library, 'MiB', budget),
    row('memory, most of ten medians', Math.max(...points) - library, 'MiB'),
    row('the fake library’s own', library, 'MiB'),
    row('growth in the second half', growth, '%', 2),
    row('polls per collection', perCollection, ''),
  ];
}

/** Bytes of memory at many moments until the probe has polled so often. */
async function looks(probe: Child, polls: number): Promise<number[]> {
  const end = performance.now() + PATIENCE;
  const bytes: number[] = [];
  do {
    if (performance.now() > end) throw new Error(`${probe.polls} polls of ${polls}`);
    await Bun.sleep(LOOK);
    bytes.push(anonymousBytes(probe.pid));
  } while (probe.polls < polls);
  return bytes;
}

/** The compiled probe, with this process as its parent. */
class Child implements Disposable {
  readonly pid: number;
  collections = 0;
  readonly #process: ProbeProcess;
  readonly #directory = mkdtempSync(join(tmpdir(), 'edgegauge-bench-'));
  #reader: FrameReader | undefined;
  /** In mappings before this one. */
  #before = 0;

  constructor(kind: Case['kind'], fake: FakeNvml, set: GpuSet) {
    const { options, env } = gpuStart(fake, set, FAST);
    const argv = [binary(), 'probe', kind, `--settings=${JSON.stringify(options)}`];
    this.#process = new ProbeProcess(
      argv,
      childEnvironment(process.env, { ...env, BUN_JSC_logGC: '1' }),
      {
        output: (line) => this.#hear(line),
        error: (line) => {
          if (line.includes('GC END!')) this.collections++;
        },
        exit: () => {},
      },
    );
    this.pid = this.#process.pid;
    const home = { directory: this.#directory, owner: process.pid, skip: [] };
    this.#process.order({ ...home, interval: FAST });
  }

  get polls(): number {
    return this.#before + (this.#reader?.written ?? 0);
  }

  pace(interval: number): void {
    this.#process.order({ interval });
  }

  [Symbol.dispose](): void {
    this.#process.end();
    this.#process.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #hear(line: string): void {
    const mapping = parseMessage<Report>(line)?.mapping;
    if (mapping === undefined) return;
    this.#before = this.polls;
    this.#reader = new FrameReader(adoptMapping(this.#directory, mapping));
  }
}

/** What the fake holds in a C program that has asked each GPU for its events. */
async function fakeBytes(fake: FakeNvml): Promise<number> {
  const client = buildClient(nvmlHeader() ?? 'nvml.h of libnvidia-ml-dev is missing');
  const user = Bun.spawn([client, fake.library, 'events', '1'], {
    env: { ...process.env, ...fake.env },
    stdout: 'ignore',
  });
  const other = Bun.spawn(['sleep', '60']);
  try {
    await fake.reached('registered RegisterEvents');
    return anonymousBytes(user.pid) - anonymousBytes(other.pid);
  } finally {
    user.kill();
    other.kill();
  }
}
