/** One server of each engine on ports of the loopback address, in one process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, type StartOptions, scrape, start } from '../edgegauge.ts';
import { type EnginePage, PAGES } from './pages/index.ts';

export interface FarmServer {
  readonly page: EnginePage;
  readonly endpoint: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
}

export interface Farm extends AsyncDisposable {
  readonly servers: readonly FarmServer[];
}

export function startFarm(pages: readonly EnginePage[] = PAGES): Farm {
  const started = pages.map(serve);
  return {
    servers: started.map(({ server }) => server),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(({ stop }) => stop()));
    },
  };
}

function serve(page: EnginePage): { server: FarmServer; stop: () => Promise<void> } {
  const asked: string[] = [];
  const { path, body, type = '', facts = {} } = page;
  let step = 0;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch({ url }) {
      const { pathname } = new URL(url);
      asked.push(pathname);
      if (pathname === path) {
        return new Response(body(step++), { headers: { 'Content-Type': type } });
      }
      const fact = facts[pathname];
      return fact === undefined ? new Response('', { status: 404 }) : Response.json(fact);
    },
  });
  return {
    server: { page, endpoint: `127.0.0.1:${server.port}`, asked },
    stop: () => server.stop(true),
  };
}

/** A configuration file whose `serving` is this. JSON is YAML. */
export const configText = (serving: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ serving });

export interface Gauge extends Running {
  /** Lines about model servers. */
  page(): Promise<string>;
  /** The value of a series; NaN where it is absent. */
  value(series: string): Promise<number>;
}

/** edgegauge with these settings of model servers, which it asks as fast as the test likes. */
export async function startGauge(
  serving: Readonly<Record<string, unknown>>,
  options: StartOptions & { readonly args?: readonly string[] } = {},
): Promise<Gauge> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-serving-'));
  const file = join(directory, 'edgegauge.yaml');
  writeFileSync(file, configText({ discover: false, interval: '200ms', ...serving }));
  const args = [`--config.file=${file}`, '--poll.interval=50ms', ...(options.args ?? [])];
  const running = await start(args, options);
  const page = (): Promise<string> => scrape(running, '?collect[]=serving');
  return {
    ...running,
    page,
    value: async (series) => valueIn(await page(), series),
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

export function valueIn(page: string, series: string): number {
  const line = page.split('\n').find((l) => l.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
}
