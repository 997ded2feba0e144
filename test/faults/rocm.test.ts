/**
 * The real librocm_smi64 of ROCm 5.2.3 and 6.1.2 where it aborts, hangs or gives up, behind the whole program: the
 * files take its place, and scrapes are answered as if nothing had been.
 */
import { expect, setDefaultTimeout } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, type Running, ready, start, until } from '../edgegauge.ts';
import { FakeRocm } from '../fakes/rocm/rocm.ts';
import { type Harm, type Release, RocmMachine } from '../gpu/rocm-machine.ts';
import { ROOT, testWith } from '../parts.ts';
import { AMD_CARDS } from '../trees/amd.ts';
import { restarts, value } from './gpu-patient.ts';
import { CASES, held, type Outcome, RADEON_PIPE } from './rocm-harm.ts';

setDefaultTimeout(60_000);

const RELEASES = { '5.2': 'rocmSmi5', '6.1': 'rocmSmi6' } as const;
const PATIENCE = 30_000;
/** Least scrapes of one watch. */
const SCRAPES = 20;

const FLAGS = [
  '--gpu.poll-interval=100ms',
  '--poll.deadline=1s',
  '--gpu.metrics.clock-limit',
  '--gpu.metrics.ecc-detail',
];

interface ProbeStatus {
  readonly kind: string;
  readonly lastError?: string;
  readonly skipped: readonly { readonly device: string; readonly retryIn?: number }[];
  readonly sources: readonly { readonly name: string; readonly error?: string }[];
}

/** edgegauge on such a machine, whose every scrape has to be answered whole. */
class Patient implements AsyncDisposable {
  readonly #machine: RocmMachine;
  readonly #running: Running;

  constructor(machine: RocmMachine, running: Running) {
    this.#machine = machine;
    this.#running = running;
  }

  static async admit(machine: RocmMachine, ...flags: readonly string[]): Promise<Patient> {
    return await Patient.run(machine, machine.running(...command()), flags);
  }

  static async run(
    machine: RocmMachine,
    program: readonly string[],
    flags: readonly string[] = [],
  ): Promise<Patient> {
    const running = await start([...machine.flags, ...FLAGS, ...flags], { program });
    const patient = new Patient(machine, running);
    await ready(running);
    return patient;
  }

  /** Scrapes until the page is as wished, and a least number of times; answers the last page. */
  async watch(wished: (page: string) => boolean): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (let n = 1; ; n++) {
      const response = await fetch(`${this.#running.url}/metrics`);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).toContain('\nmemory_total_bytes ');
      if (n >= SCRAPES && wished(page)) return page;
      if (Date.now() > end) throw new Error(`still not as wished:\n${excerpt(page)}`);
      await Bun.sleep(5);
    }
  }

  async status(): Promise<ProbeStatus> {
    const response = await fetch(`${this.#running.url}/api/v1/status`);
    const { probes } = (await response.json()) as { readonly probes: readonly ProbeStatus[] };
    return probes.find(({ kind }) => kind === 'amd') as ProbeStatus;
  }

  log(): string {
    return this.#running.log();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    this.#machine[Symbol.dispose]();
  }
}

const excerpt = (page: string): string =>
  page
    .split('\n')
    .filter((line) => /^(gpu_(lost|devices|memory_used)|edgegauge_(probe|source)_)/.test(line))
    .join('\n');

/** Every card has its values. */
const whole = (page: string): boolean =>
  page.match(/^gpu_memory_used_bytes\{/gm)?.length === AMD_CARDS.length &&
  page.match(/^gpu_utilization_percent\{/gm)?.length === AMD_CARDS.length;
const count = (page: string): number => page.match(/^gpu_\w+\{device=/gm)?.length ?? 0;
const byLibrary = (page: string): boolean => page.includes(',library_version="');
const isUp = (page: string): boolean => value(page, 'edgegauge_source_up{source="amd"}') === 1;
const REASONS = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGKILL', 'deadline', 'exit'] as const;
const ends = (page: string): number =>
  REASONS.reduce((n, why) => n + restarts(page, why, 'amd'), 0);

/** Whom the guard leaves out. */
const leftOut = (at?: string): string =>
  at === undefined ? 'librocm_smi64' : `librocm_smi64 at ${at}`;

async function recovers(patient: Patient, outcome: Outcome): Promise<void> {
  if (outcome === 'harmless') {
    const page = await patient.watch((text) => whole(text) && byLibrary(text));
    expect(ends(page)).toBe(0);
    expect((await patient.status()).skipped).toEqual([]);
    return;
  }
  if ('refuses' in outcome) {
    const page = await patient.watch((text) => whole(text) && isUp(text));
    expect(byLibrary(page)).toBe(false);
    expect(ends(page)).toBe(0);
    expect(patient.log()).toContain(`${outcome.refuses}; sysfs is read instead`);
    return;
  }
  const page = await patient.watch((text) => ends(text) > 0 && whole(text) && isUp(text));
  expect(restarts(page, outcome.ends, 'amd')).toBe(1);
  expect(ends(page)).toBe(1);
  expect(value(page, 'edgegauge_probe_devices_skipped{source="amd"}')).toBe(1);
  const { lastError, skipped } = await patient.status();
  const device = leftOut(outcome.at);
  const how = outcome.ends === 'deadline' ? 'hung' : 'was ended by SIGABRT';
  expect(lastError).toStartWith(`${how} at ${device}`);
  // What the library said of it, and not its runtime.
  expect(patient.log()).not.toContain('bun.report');
  if (outcome.ends === 'SIGABRT') expect(lastError).toContain('Assertion `');
  expect(skipped).toEqual([{ device, retryIn: expect.any(Number) }]);
  // Where it is one card's fault the others are read by the library still.
  expect(byLibrary(page)).toBe(outcome.at !== undefined);
}

for (const [release, part] of Object.entries(RELEASES) as [Release, 'rocmSmi5' | 'rocmSmi6'][]) {
  const machine = (
    { bwrap, ...found }: { readonly bwrap: string } & Partial<Record<typeof part, string>>,
    harm: Harm = () => {},
    more: readonly string[] = [],
  ): RocmMachine => {
    const path = found[part] as string;
    return new RocmMachine(bwrap, { release, path }, 'amd', harm, more);
  };

  for (const { what, harm, more, outcome } of CASES) {
    const wanted = outcome[release];
    if (wanted === undefined) continue;
    testWith(['bwrap', part], `ROCm ${release}: ${what}`, async (found) => {
      await using patient = await Patient.admit(machine(found, harm, more));
      await recovers(patient, wanted);
    });
  }

  testWith(['bwrap', part], `ROCm ${release}: a card that hangs later`, async (found) => {
    const there = machine(found);
    await using patient = await Patient.admit(there);
    const before = await patient.watch((page) => whole(page) && byLibrary(page));
    RADEON_PIPE(there.tree.rootfs);
    const page = await patient.watch((text) => ends(text) > 0 && whole(text) && isUp(text));
    expect(restarts(page, 'deadline', 'amd')).toBe(1);
    // What the file does not tell any more is in gpu_metrics too.
    expect(count(page)).toBe(count(before));
  });

  testWith(
    ['bwrap', part],
    `ROCm ${release}: where it is asked for by name nothing takes its place`,
    async (found) => {
      const at = AMD_CARDS[2]?.address;
      const there = machine(found, RADEON_PIPE);
      await using patient = await Patient.admit(there, '--gpu.amd-backend=rocm_smi');
      const down = 'edgegauge_source_up{source="amd"}';
      const page = await patient.watch((text) => ends(text) > 0 && value(text, down) === 0);
      expect(count(page)).toBe(0);
      await until(
        async () => (await patient.status()).sources.map(({ name, error }) => [name, error]),
        ([only]) =>
          only?.[0] === 'amd' &&
          only[1] === `${leftOut(at)} hung or crashed a former probe and is left alone for a while`,
      );
    },
  );
}

testWith(
  ['bwrap', 'rocmSmi5'],
  'ROCm 5.2: a mutex that another process holds',
  async ({ bwrap, rocmSmi5 }) => {
    const there = new RocmMachine(bwrap, { release: '5.2', path: rocmSmi5 }, 'amd', RADEON_PIPE);
    const go = join(there.tree.rootfs, 'go');
    const other = `${process.execPath} ${join(ROOT, 'test/gpu/rocm-quantities.fixture.ts')}`;
    const wait = `until [ -e ${go} ]; do sleep 0.02; done`;
    const script = `${other} ${rocmSmi5} >/dev/null 2>&1 & ${wait}; exec "$0" "$@"`;
    const admitted = Patient.run(there, there.running('sh', '-c', script, ...command()));
    const release = await held(there.tree.rootfs);
    writeFileSync(go, '');
    try {
      await using patient = await admitted;
      await recovers(patient, { ends: 'deadline' });
    } finally {
      release();
    }
  },
);

testWith(
  ['bwrap', 'rocmSmi5'],
  'a library that is not there is an error where it is asked for by name, and none otherwise',
  async (found) => {
    const rocm = { release: '5.2', path: `${found.rocmSmi5}.missing` } as const;
    await using forced = await Patient.admit(
      new RocmMachine(found.bwrap, rocm),
      '--gpu.amd-backend=rocm_smi',
    );
    await forced.watch((page) => value(page, 'edgegauge_source_up{source="amd"}') === 0);
    const [source] = (await forced.status()).sources;
    expect(source?.error).toMatch(
      /^librocm_smi64 cannot be loaded: .*: No such file or directory$/,
    );
    await using auto = await Patient.admit(new RocmMachine(found.bwrap, rocm));
    expect(ends(await auto.watch((page) => whole(page) && isUp(page)))).toBe(0);
  },
);

testWith(['bwrap', 'cc'], 'ROCm 7 is read like the others', async ({ bwrap, cc }) => {
  using fake = new FakeRocm(cc);
  const there = new RocmMachine(bwrap, { release: '5.2', path: fake.library });
  await using patient = await Patient.admit(there);
  const page = await patient.watch((text) => whole(text) && byLibrary(text));
  expect(page).toContain(',library_version="7.8.0"');
  // Both of the cards that it has by the library, the third by its files.
  const used = /^gpu_utilization_percent\{device="(\d)".*\} (\S+)$/gm;
  expect([...page.matchAll(used)].map(([, device, percent]) => [device, percent])).toEqual([
    ['0', '90'],
    ['1', '92'],
    ['2', '31'],
  ]);
});
