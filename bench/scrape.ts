/**
 * A scrape over HTTP in the `node` dialect against node_exporter with the same collectors switched on.
 * Both run at once and are asked in turns over kept connections, and so is a static page of the same
 * size: its figures are what HTTP itself costs, below which nothing can be.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sameCollectors } from './collectors.ts';
import { Contender } from './contender.ts';
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

/** Scrapes before anything is measured: the compiler of JavaScript works meanwhile. */
const WARM_UP = 5000;
const ROUNDS = 10;
/** How many times less than node_exporter's a figure is to be. */
const FACTOR = 0.1;

export async function scrape({ quick }: Scope): Promise<Row[]> {
  const same = sameCollectors(nodeExporterProgram());
  console.log(`  collectors: ${same.names.join(' ')}`);
  const ours = await edgegauge(same.edgegauge);
  const theirs = await nodeExporterWith(same.nodeExporter);
  try {
    const rounds = quick ? 2 : ROUNDS;
    return [
      ...(await compare('identity', ours, theirs, rounds)),
      ...(await compare('gzip', ours, theirs, rounds)),
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
  rounds: number,
): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-page-'));
  const page = await staticPage(await save(ours, encoding, join(directory, 'page')));
  try {
    const [a, b, c] = [
      await Contender.of(ours, encoding),
      await Contender.of(theirs, encoding),
      await Contender.of(page, encoding),
    ];
    await Promise.all([a.scrape(WARM_UP), c.scrape(WARM_UP)]);
    await b.scrape(WARM_UP / 10);
    for (let round = 0; round < rounds; round++) {
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

/** Keeps the page of a server as it came. */
async function save({ port }: Server, encoding: string, file: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { 'Accept-Encoding': encoding },
    decompress: false,
  });
  writeFileSync(file, await answer.bytes());
  return file;
}

async function report(
  encoding: string,
  ours: Contender,
  theirs: Contender,
  page: Contender,
): Promise<Row[]> {
  const told = (figure: string, whose: string, measured: number, unit = 'ms'): Row => ({
    what: `scrape, ${encoding}: ${figure}, ${whose}`,
    measured,
    unit,
  });
  const judged = (figure: string, measured: number, of: number): Row => ({
    ...told(figure, 'edgegauge', measured),
    budget: { of, factor: FACTOR, whose: 'node_exporter' },
  });
  return [
    told('body', 'node_exporter', await theirs.pageBytes(), 'bytes'),
    told('body', 'edgegauge', await ours.pageBytes(), 'bytes'),
    told('median', 'static page', page.median),
    told('median', 'node_exporter', theirs.median),
    judged('median', ours.median, theirs.median),
    told('p99', 'static page', page.p99),
    told('p99', 'node_exporter', theirs.p99),
    told('p99', 'edgegauge', ours.p99),
    told('CPU', 'static page', page.cpu),
    told('CPU', 'node_exporter', theirs.cpu),
    judged('CPU', ours.cpu, theirs.cpu),
  ];
}
