/**
 * Anonymous memory of the serving process and its probe over a million scrapes by HTTP, every other one
 * compressed. What a response takes beside the scrape is allocated in the server: it has to stay flat.
 */
import { memoryGroup } from './cgroup.ts';
import { Client, request } from './client.ts';
import { anonymousBytes, family } from './processes.ts';
import { median } from './samples.ts';
import type { Scope } from './scope.ts';
import { edgegauge, type Server } from './servers.ts';
import type { Row } from './table.ts';

const POINTS = 10;
const CONNECTIONS = 4;
/** Requests that are under way on a connection at a time, half of them for a compressed page. */
const PIPELINED = 10;
const MEBIBYTE = 2 ** 20;
/** Milliseconds after which what was only needed under load has been given back. */
const REST = 10_000;

/** Bytes at one point. */
interface Point {
  readonly serving: number;
  readonly probe: number;
  readonly kernel: number;
}

export async function memory({ quick }: Scope): Promise<Row[]> {
  const scrapes = quick ? 50_000 : 1_000_000;
  const group = memoryGroup();
  const server = await edgegauge(['--dialect=node'], {
    env: { BUN_JSC_logGC: '1' },
    ...(group === undefined ? {} : { wrap: group.wrap }),
  });
  try {
    const [serving = 0, probe = 0] = family(server.pid);
    const look = (when: string): Point => {
      const kernel = group?.kernelBytes() ?? Number.NaN;
      const point = { serving: anonymousBytes(serving), probe: anonymousBytes(probe), kernel };
      console.log(`  ${when}: ${describe(point)}`);
      return point;
    };
    const points: Point[] = [];
    for (let i = 1; i <= POINTS; i++) {
      await scrapeOften(server, scrapes / POINTS);
      points.push(look(`${(i * scrapes) / POINTS} scrapes`));
    }
    await Bun.sleep(REST);
    const rest = look('at rest');
    return rows(scrapes, points, rest, server.log().split('GC END!').length - 1);
  } finally {
    await server.stop();
    group?.remove();
  }
}

async function scrapeOften({ port }: Server, scrapes: number): Promise<void> {
  const both = request('/metrics', 'identity') + request('/metrics', 'gzip');
  const batch = both.repeat(PIPELINED / 2);
  const one = async (): Promise<void> => {
    const client = await Client.connect(port);
    for (let i = 0; i < scrapes / CONNECTIONS / PIPELINED; i++) await client.send(batch, PIPELINED);
    client.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

const describe = (point: Point): string =>
  Object.entries(point)
    .map(([what, bytes]) => `${what} ${(bytes / MEBIBYTE).toFixed(2)} MiB`)
    .join(', ');

function rows(scrapes: number, points: readonly Point[], rest: Point, collections: number): Row[] {
  const row = (what: string, measured: number, unit: string, of?: number): Row => ({
    what: `memory after ${scrapes} scrapes: ${what}`,
    measured,
    unit,
    ...(of === undefined ? {} : { budget: { of, factor: 1 } }),
  });
  const most = (of: keyof Point): number => Math.max(...points.map((point) => point[of]));
  return [
    row('serving process', rest.serving / MEBIBYTE, 'MiB', 12),
    row('serving process, most under load', most('serving') / MEBIBYTE, 'MiB'),
    row('serving process, growth in the second half', growth(points, 'serving'), '%', 2),
    row('serving process, collections', collections, ''),
    row('probe', rest.probe / MEBIBYTE, 'MiB', 5),
    row('probe, most', most('probe') / MEBIBYTE, 'MiB'),
    row('probe, growth in the second half', growth(points, 'probe'), '%', 2),
    row('both, in the kernel', rest.kernel / MEBIBYTE, 'MiB'),
  ];
}

/** Percent between the middle of the run and its end: of three points each, since collections come in between. */
function growth(points: readonly Point[], of: keyof Point): number {
  const bytes = points.map((point) => point[of]);
  const middle = median(bytes.slice(POINTS / 2 - 1, POINTS / 2 + 2));
  return (median(bytes.slice(-3)) / middle - 1) * 100;
}
