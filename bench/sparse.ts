/**
 * What a scrape costs when scrapes are rare, as they are: what runs between two of them (the probe's
 * polls, timers) is then not shared by thousands of scrapes a second, and every cache is cold.
 */
import { Client, request } from './client.ts';
import { cpuSecondsOfAll, family } from './processes.ts';
import type { Server } from './servers.ts';
import type { Row } from './table.ts';

/** Scrapes both servers every `interval` seconds, for `duration` seconds. */
export async function sparse(
  ours: Server,
  theirs: Server,
  interval: number,
  duration: number,
): Promise<Row[]> {
  console.log(`  a scrape every ${interval} s, for ${duration} s`);
  const scrapes = Math.ceil(duration / interval);
  const contenders = [ours, theirs];
  const clients = await Promise.all(contenders.map(({ port }) => Client.connect(port)));
  const used = (): number[] => contenders.map(({ pid }) => cpuSecondsOfAll(family(pid)));
  const before = used();
  for (let i = 0; i < scrapes; i++) {
    for (const client of clients) {
      await client.send(request('/metrics', 'gzip'));
      // Each is asked in the middle of the other's time.
      await Bun.sleep((interval * 1000) / clients.length);
    }
  }
  const [measured = 0, of = 0] = used().map(
    (now, i) => ((now - (before[i] ?? 0)) * 1000) / scrapes,
  );
  for (const client of clients) client.close();
  return [
    {
      what: `scrape every ${interval} s, gzip: CPU per scrape, edgegauge and its probe`,
      measured,
      unit: 'ms',
      budget: { of, whose: 'node_exporter' },
    },
  ];
}
