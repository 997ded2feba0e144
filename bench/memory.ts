/**
 * Anonymous memory of the serving process and its probe over a million scrapes by HTTP, every other one
 * compressed. What a response takes beside the scrape is allocated in the server: it has to stay flat.
 */
import { memoryGroup } from './cgroup.ts';
import { Client, request } from './client.ts';
import { anonymousBytes, probeOf } from './processes.ts';
import { median } from './samples.ts';
import type { Scope } from './scope.ts';
import { edgegauge, type Server } from './servers.ts';
import type { Row } from './table.ts';

/** Points of the run, and looks at each: between two collections memory rises and falls by some per cent. */
const POINTS = 10;
const LOOKS = 10;
const CONNECTIONS = 4;
/** Requests that are under way on a connection at a time, half of them for a compressed page. */
const PIPELINED = 10;
/** Milliseconds after which what was only needed under load has been given back. */
const REST = 10_000;
const MEBIBYTE = 2 ** 20;

/** Mebibytes. */
interface Look {
  readonly serving: number;
  readonly probe: number;
  readonly kernel: number;
}

export async function memory({ quick }: Scope): Promise<Row[]> {
  const scrapes = quick ? 80_000 : 1_000_000;
  const group = memoryGroup();
  try {
    const server = await edgegauge(['--dialect=node'], {
      env: { BUN_JSC_logGC: '1' },
      ...(group === undefined ? {} : { wrap: group.wrap }),
    });
    try {
      const probe = probeOf(server.pid, 'sensors');
      const look = (): Look => ({
        serving: anonymousBytes(server.pid) / MEBIBYTE,
        probe: anonymousBytes(probe) / MEBIBYTE,
        kernel: (group?.kernelBytes() ?? Number.NaN) / MEBIBYTE,
      });
      const points = await load(server, scrapes, look);
      await Bun.sleep(REST);
      return rows(scrapes, points, look(), server.log().split('GC END!').length - 1);
    } finally {
      await server.stop();
    }
  } finally {
    group?.remove();
  }
}

/** Scrapes, and looks LOOKS times on the way from each point to the next. */
async function load(server: Server, scrapes: number, look: () => Look): Promise<Look[][]> {
  const points: Look[][] = [];
  for (let i = 1; i <= POINTS; i++) {
    const looks: Look[] = [];
    for (let k = 0; k < LOOKS; k++) {
      await scrapeOften(server, scrapes / POINTS / LOOKS);
      looks.push(look());
    }
    points.push(looks);
    const text = (['serving', 'probe', 'kernel'] as const)
      .map((of) => `${of} ${middle(looks, of).toFixed(2)}`)
      .join(', ');
    console.log(`  ${(i * scrapes) / POINTS} scrapes: ${text} MiB`);
  }
  return points;
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

const middle = (looks: readonly Look[], of: keyof Look): number =>
  median(looks.map((look) => look[of]));

function rows(
  scrapes: number,
  points: readonly (readonly Look[])[],
  rest: Look,
  collections: number,
): Row[] {
  const row = (what: string, measured: number, unit: string, of?: number): Row => ({
    what: `memory after ${scrapes} scrapes: ${what}`,
    measured,
    unit,
    ...(of === undefined ? {} : { budget: { of, factor: 1 } }),
  });
  const most = (of: keyof Look): number => Math.max(...points.flat().map((look) => look[of]));
  // Per cent, from the looks around the middle of the run to those at its end.
  const half = POINTS / 2;
  const growth = (of: keyof Look): number =>
    (middle(points.slice(-2).flat(), of) / middle(points.slice(half - 1, half + 1).flat(), of) -
      1) *
    100;
  return [
    row('serving process', rest.serving, 'MiB', 12),
    row('serving process, most under load', most('serving'), 'MiB'),
    row('serving process, growth in the second half', growth('serving'), '%', 2),
    row('serving process, collections', collections, ''),
    row('probe', rest.probe, 'MiB', 5),
    row('probe, most', most('probe'), 'MiB'),
    row('probe, growth in the second half', growth('probe'), '%', 2),
    row('both, in the kernel', rest.kernel, 'MiB'),
  ];
}
