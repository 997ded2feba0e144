/** edgegauge on this machine with a fake NVIDIA driver, scraped all the while that harm is done to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { command, type Running, ready, start, until } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';

/** Of a file that is no scrape's to wait for: of memory, which the serving process reads itself. */
const HOST = '\nmemory_total_bytes ';
/** Least scrapes of one `watch`. */
const SCRAPES = 300;
/** Milliseconds until a condition that is watched for counts as never met. */
const PATIENCE = 60_000;

export interface Child {
  readonly pid: number;
  /** As proc_pid_stat(5): `Z` has ended and nobody has taken note. */
  readonly state: string;
}

/** Of /api/v1/status. */
export interface ProbeSays {
  readonly kind: string;
  readonly state: string;
  readonly lastError?: string;
  readonly restarts: Readonly<Record<string, number>>;
  readonly skipped: readonly { readonly device: string }[];
  readonly stuck: readonly { readonly pid: number; readonly device?: string }[];
  readonly sources: readonly {
    readonly name: string;
    readonly status: string;
    readonly error?: string;
  }[];
}

interface Status {
  readonly probes: readonly ProbeSays[];
}

export class GpuPatient implements AsyncDisposable {
  readonly fake: FakeNvml;
  readonly running: Running;
  /** Scrapes of `watch` that were not answered as they have to be, and how. */
  readonly wrong: string[] = [];
  /** Milliseconds that each scrape of `watch` took. */
  readonly times: number[] = [];

  readonly #flags: readonly string[];
  readonly #stack: AsyncDisposableStack;

  private constructor(
    fake: FakeNvml,
    running: Running,
    flags: readonly string[],
    stack: AsyncDisposableStack,
  ) {
    this.fake = fake;
    this.running = running;
    this.#flags = flags;
    this.#stack = stack;
  }

  /** `harm` is done before the program starts; `flags` come after the usual ones. */
  static async admit(
    scenario: string,
    harm: (fake: FakeNvml) => void = () => {},
    ...flags: readonly string[]
  ): Promise<GpuPatient> {
    await using stack = new AsyncDisposableStack();
    const fake = stack.use(new FakeNvml(scenario));
    harm(fake);
    const all = [`--gpu.nvidia-library=${fake.library}`, ...GPU_FLAGS, ...flags];
    const running = stack.use(await start(all, { env: fake.env }));
    await ready(running);
    return new GpuPatient(fake, running, all, stack.move());
  }

  /**
   * Scrapes until a page is as wished, and so many times at least. Every answer has to be whole, whatever
   * the GPUs do; `each` is called after every one. Answers the last page.
   */
  async watch(
    wished: (page: string) => boolean,
    { least = SCRAPES, each = () => {} }: { least?: number; each?: () => void } = {},
  ): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (let n = 1; ; n++) {
      const started = performance.now();
      const response = await fetch(`${this.running.url}/metrics`);
      const page = await response.text();
      this.times.push(performance.now() - started);
      if (response.status !== 200) this.wrong.push(`${response.status}: ${page}`);
      else if (!page.includes(HOST)) this.wrong.push('no memory_total_bytes');
      each();
      if (n >= least && wished(page)) return page;
      if (Date.now() > end) throw new Error(`still not as wished:\n${excerpt(page)}`);
      await Bun.sleep(2);
    }
  }

  /** The same without a least number of scrapes. */
  async shows(...parts: readonly string[]): Promise<string> {
    return await this.watch((page) => parts.every((part) => page.includes(part)), { least: 1 });
  }

  /** Processes that the serving process has started and that are still there. */
  children(): Child[] {
    return childrenOf(this.running.pid);
  }

  descriptors(): number {
    return readdirSync(`/proc/${this.running.pid}/fd`).length;
  }

  /** What /api/v1/status says of a probe, when it is as wished. */
  async says(wished: (probe: ProbeSays) => boolean, kind = 'nvidia'): Promise<ProbeSays> {
    const probes = await until(
      () => ask(this.running),
      (all) => all.some((probe) => probe.kind === kind && wished(probe)),
    );
    return probes.find((probe) => probe.kind === kind) as ProbeSays;
  }

  /** What `doctor` says with the same driver, settings and flags. */
  async doctor(...flags: readonly string[]): Promise<{ text: string; code: number }> {
    const child = Bun.spawn([...command(), 'doctor', ...this.#flags, ...flags], {
      env: { ...process.env, ...this.fake.env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const text = await child.stdout.text();
    return { text, code: await child.exited };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Short intervals, so that a fault is soon noticed. */
export const GPU_FLAGS = [
  // Whether a model server may be on the test's machine is no matter of its GPUs.
  '--no-serving.enabled',
  '--gpu.nvidia=true',
  '--poll.deadline=1s',
  '--gpu.poll-interval=200ms',
] as const;

/** Restarts of the probe of this kind for this reason, as a page says; NaN where it does not. */
export function restarts(page: string, reason: string, kind = 'nvidia'): number {
  return value(page, `edgegauge_probe_restarts_total{source="${kind}",reason="${reason}"}`);
}

/** Value of a series; NaN where there is none. */
export function value(page: string, series: string): number {
  const at = page.indexOf(`\n${series} `);
  if (at < 0) return Number.NaN;
  return Number(page.slice(at + series.length + 2, page.indexOf('\n', at + 1)));
}

/** Why the source `nvidia` says nothing, as /api/v1/status has it; waits until it says why. */
export async function reason(running: Running): Promise<string> {
  const said = async (): Promise<string> => {
    const sources = (await ask(running)).flatMap((probe) => probe.sources);
    return sources.find((source) => source.name === 'nvidia')?.error ?? '';
  };
  return await until(said, (text) => text !== '');
}

async function ask(running: Running): Promise<readonly ProbeSays[]> {
  return ((await (await fetch(`${running.url}/api/v1/status`)).json()) as Status).probes;
}

/** Processes that this one has started and that are still there. */
export function childrenOf(parent: number): Child[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => childOf(parent, Number(name)));
}

function childOf(parent: number, pid: number): Child[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(ppid) === parent ? [{ pid, state }] : [];
  } catch {
    // It has just ended.
    return [];
  }
}

const excerpt = (page: string): string =>
  page
    .split('\n')
    .filter((line) => /^(gpu_(lost|devices|temperature|xid)|edgegauge_probe)/.test(line))
    .join('\n');
