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
  const points: Point[] = [];
  try {
    const [serving = 0, probe = 0] = family(server.pid);
    for (let i = 0; i < POINTS; i++) {
      await scrapeOften(server, scrapes / POINTS);
      const point = {
        serving: anonymousBytes(serving),
        probe: anonymousBytes(probe),
        kernel: group?.kernelBytes() ?? Number.NaN,
      };
      console.log(`  ${((i + 1) * scrapes) / POINTS} scrapes: ${describe(point)}`);
      points.push(point);
    }
  } finally {
    await server.stop();
    group?.remove();
  }
  return rows(scrapes, points, server.log().split('GC END!').length - 1);
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

function rows(scrapes: number, points: readonly Point[], collections: number): Row[] {
  const last = points.at(-1) as Point;
  const row = (what: string, measured: number, unit: string, of?: number): Row => ({
    what: `memory, ${scrapes} scrapes: ${what}`,
    measured,
    unit,
    ...(of === undefined ? {} : { budget: { of, factor: 1 } }),
  });
  return [
    row('serving process', last.serving / MEBIBYTE, 'MiB', 12),
    row('probe', last.probe / MEBIBYTE, 'MiB', 5),
    row('serving process, growth in the second half', growth(points, 'serving'), '%', 2),
    row('probe, growth in the second half', growth(points, 'probe'), '%', 2),
    row('collections in the serving process', collections, ''),
    row('kernel memory of both', last.kernel / MEBIBYTE, 'MiB'),
  ];
}

/** Percent between the middle of the run and its end: of three points each, since collections come in between. */
function growth(points: readonly Point[], of: keyof Point): number {
  const bytes = points.map((point) => point[of]);
  const middle = median(bytes.slice(POINTS / 2 - 1, POINTS / 2 + 2));
  return (median(bytes.slice(-3)) / middle - 1) * 100;
}
