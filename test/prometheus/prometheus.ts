/** Runs a real Prometheus (part `prometheus`) on a loopback port and a storage of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../edgegauge.ts';

/** A series with its newest value. */
export interface Stored {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metadata {
  readonly metric: string;
  readonly type: string;
  readonly unit: string;
}

type Child = Bun.Subprocess<'ignore', 'ignore', 'pipe'>;

export class Prometheus implements AsyncDisposable {
  readonly url: string;
  /** What it has logged so far. */
  log = '';
  readonly #child: Child;
  readonly #directory: string;
  readonly #read: Promise<void>;

  private constructor(port: number, directory: string, child: Child) {
    this.url = `http://127.0.0.1:${port}`;
    this.#directory = directory;
    this.#child = child;
    this.#read = this.#follow();
  }

  /**
   * Scrapes each target (`host:port`), a job of its own name, every second; resolves when it answers.
   * `more` goes into the configuration of each job.
   */
  static async start(
    program: string,
    targets: Readonly<Record<string, string>>,
    more: object = {},
  ): Promise<Prometheus> {
    const directory = mkdtempSync(join(tmpdir(), 'edgegauge-prometheus-'));
    const config = join(directory, 'prometheus.yml');
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(configuration(targets, more)));
    const port = freePort();
    const child = Bun.spawn(
      [
        program,
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--query.lookback-delta=10s',
      ],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', cwd: directory },
    );
    const server = new Prometheus(port, directory, child);
    await until(
      () =>
        fetch(`${server.url}/-/ready`).then(
          (answer) => answer.ok,
          () => false,
        ),
      (ready) => {
        if (child.exitCode !== null) throw new Error(`Prometheus ended:\n${server.log}`);
        return ready;
      },
    );
    return server;
  }

  /** An instant query. */
  async query(expression: string): Promise<Stored[]> {
    const { result } = await this.#api<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>('query', { query: expression });
    return result.map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1].replace('Inf', 'Infinity')),
    }));
  }

  /** The value of the one series that an expression answers. Throws where there is none, or several. */
  async value(expression: string): Promise<number> {
    const [first, ...others] = await this.query(expression);
    if (first === undefined || others.length > 0) {
      throw new Error(`${expression}: ${others.length + (first ? 1 : 0)} series`);
    }
    return first.value;
  }

  /** Type and unit of every family of a job as it has understood them. */
  async metadata(job: string): Promise<Metadata[]> {
    return await this.#api('targets/metadata', { match_target: `{job="${job}"}` });
  }

  /** Its own metrics. */
  async own(): Promise<string> {
    return await (await fetch(`${this.url}/metrics`)).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await this.#child.exited;
    await this.#read;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #api<T>(path: string, params: Record<string, string>): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(params)}`);
    const body = (await answer.json()) as { status: string; error?: string; data: T };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  }

  async #follow(): Promise<void> {
    for await (const part of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.log += part;
    }
  }
}

const configuration = (targets: Readonly<Record<string, string>>, more: object): unknown => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s' },
  scrape_configs: Object.entries(targets).map(([job, target]) => ({
    job_name: job,
    params: { dialect: ['native,node'] },
    static_configs: [{ targets: [target] }],
    ...more,
  })),
});

/** It does not say which port it was given, so one that is free now is chosen. */
function freePort(): number {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
}
