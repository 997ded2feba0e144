/**
 * What a scrape costs when scrapes are rare: what runs between them (the probe's polls, timers) is then
 * not shared by thousands of scrapes a second.
 */
import { Client, request } from './client.ts';
import { cpuSecondsOfAll, family } from './processes.ts';
import type { Server } from './servers.ts';
import type { Row } from './table.ts';

/** Milliseconds between two scrapes; each of the two servers is asked in the middle of the other's time. */
const INTERVAL = 1000;

export async function sparse(ours: Server, theirs: Server, scrapes: number): Promise<Row[]> {
  console.log(`  a scrape per second, for ${scrapes} s`);
  const [mine, other] = [family(ours.pid), family(theirs.pid)];
  const clients = [await Client.connect(ours.port), await Client.connect(theirs.port)];
  const before = [cpuSecondsOfAll(mine), cpuSecondsOfAll(other)];
  for (let i = 0; i < scrapes; i++) {
    for (const client of clients) {
      await client.send(request('/metrics', 'gzip'));
      await Bun.sleep(INTERVAL / clients.length);
    }
  }
  const after = [cpuSecondsOfAll(mine), cpuSecondsOfAll(other)];
  for (const client of clients) client.close();
  const [cost = 0, of = 0] = after.map((cpu, i) => ((cpu - (before[i] ?? 0)) * 1000) / scrapes);
  const what = 'scrape, one per second, gzip: CPU';
  return [
    { what: `${what}, node_exporter`, measured: of, unit: 'ms' },
    {
      what: `${what}, edgegauge and its probe`,
      measured: cost,
      unit: 'ms',
      budget: { of, factor: 0.1, whose: 'node_exporter' },
    },
  ];
}
