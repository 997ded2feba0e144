/**
 * A scrape over HTTP in the `node` dialect against node_exporter with the same collectors switched on.
 * Both run at once and are asked in turns over kept connections, and so is a static page of the same
 * size: its figures are what HTTP itself costs, below which nothing can be.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, request } from './client.ts';
import { sameCollectors } from './collectors.ts';
import { cpuSecondsOfAll, family } from './processes.ts';
import { median, quantile } from './samples.ts';
import type { Scope } from './scope.ts';
import {
  edgegauge,
  nodeExporterProgram,
  nodeExporterWith,
  type Server,
  staticPage,
} from './servers.ts';
import { sparse } from './sparse.ts';
import type { Row } from './table.ts';

const PATH = '/metrics';
const MILLION = 1e6;
/** Scrapes before anything is measured: the compiler of JavaScript works meanwhile. */
const WARM_UP = 5000;
const ROUNDS = 10;

/** One server as it is asked: how long each answer took, and what it used for all. */
class Contender {
  readonly milliseconds: number[] = [];
  cpuSeconds = 0;
  readonly #client: Client;
  readonly #request: string;
  readonly #pids: readonly number[];

  constructor(client: Client, encoding: string, server: Server) {
    this.#client = client;
    this.#request = request(PATH, encoding);
    this.#pids = family(server.pid);
  }

  static async of(server: Server, encoding: string): Promise<Contender> {
    return new Contender(await Client.connect(server.port), encoding, server);
  }

  async scrape(times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.#client.send(this.#request);
  }

  async measure(times: number): Promise<void> {
    const before = cpuSecondsOfAll(this.#pids);
    for (let i = 0; i < times; i++) {
      const started = Bun.nanoseconds();
      await this.#client.send(this.#request);
      this.milliseconds.push((Bun.nanoseconds() - started) / MILLION);
    }
    this.cpuSeconds += cpuSecondsOfAll(this.#pids) - before;
  }

  /** Milliseconds of CPU time for one scrape. */
  get cpu(): number {
    return (this.cpuSeconds * 1000) / this.milliseconds.length;
  }

  async pageBytes(): Promise<number> {
    const before = this.#client.bodyBytes;
    await this.scrape(1);
    return this.#client.bodyBytes - before;
  }

  close(): void {
    this.#client.close();
  }
}

export async function scrape({ quick }: Scope): Promise<Row[]> {
  const same = sameCollectors(nodeExporterProgram());
  console.log(`  collectors: ${same.names.join(' ')}`);
  const ours = await edgegauge(same.edgegauge);
  const theirs = await nodeExporterWith(same.nodeExporter);
  try {
    return [
      ...(await compare('identity', ours, theirs, quick)),
      ...(await compare('gzip', ours, theirs, quick)),
      ...(await sparse(ours, theirs, 1, quick ? 5 : 30)),
      ...(await sparse(ours, theirs, 15, quick ? 15 : 60)),
    ];
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
  }
}

async function compare(
  encoding: string,
  ours: Server,
  theirs: Server,
  quick: boolean,
): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-page-'));
  const file = join(directory, 'page');
  const answer = await fetch(`http://127.0.0.1:${ours.port}${PATH}`, {
    headers: { 'Accept-Encoding': encoding },
    decompress: false,
  });
  writeFileSync(file, await answer.bytes());
  const page = await staticPage(file);
  try {
    const [a, b, c] = [
      await Contender.of(ours, encoding),
      await Contender.of(theirs, encoding),
      await Contender.of(page, encoding),
    ];
    await Promise.all([a.scrape(WARM_UP), c.scrape(WARM_UP)]);
    await b.scrape(WARM_UP / 10);
    for (let round = 0; round < (quick ? 2 : ROUNDS); round++) {
      await a.measure(1000);
      await b.measure(200);
      await c.measure(1000);
    }
    const rows = await report(encoding, a, b, c);
    for (const contender of [a, b, c]) contender.close();
    return rows;
  } finally {
    await page.stop();
    rmSync(directory, { recursive: true });
  }
}

async function report(
  encoding: string,
  ours: Contender,
  theirs: Contender,
  page: Contender,
): Promise<Row[]> {
  const what = (figure: string, whose: string): string =>
    `scrape, ${encoding}: ${figure}, ${whose}`;
  const told = (figure: string, whose: string, measured: number, unit = 'ms'): Row => ({
    what: what(figure, whose),
    measured,
    unit,
  });
  const judged = (figure: string, measured: number, of: number): Row => ({
    ...told(figure, 'edgegauge', measured),
    budget: { of, factor: 0.1, whose: 'node_exporter' },
  });
  const rows: Row[] = [
    told('body', 'node_exporter', await theirs.pageBytes(), 'bytes'),
    told('body', 'edgegauge', await ours.pageBytes(), 'bytes'),
  ];
  const p99 = (c: Contender): number => quantile(c.milliseconds, 0.99);
  rows.push(
    told('median', 'static page', median(page.milliseconds)),
    told('median', 'node_exporter', median(theirs.milliseconds)),
    judged('median', median(ours.milliseconds), median(theirs.milliseconds)),
    told('p99', 'static page', p99(page)),
    told('p99', 'node_exporter', p99(theirs)),
    told('p99', 'edgegauge', p99(ours)),
    told('CPU', 'static page', page.cpu),
    told('CPU', 'node_exporter', theirs.cpu),
    judged('CPU', ours.cpu, theirs.cpu),
  );
  return rows;
}
