/**
 * What edgegauge says of each engine, per version, whole: through the program, asked over HTTP as Prometheus
 * does. `UPDATE_GOLDEN=1` writes the files anew.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { ENGINES } from '../../src/serving/engines/index.ts';
import { CONTENT_TYPE, type Format } from '../../src/text/format.ts';
import { ready, scrape, until } from '../edgegauge.ts';
import { parse } from '../exposition.ts';
import { violations } from '../openmetrics.ts';
import { type Farm, type Gauge, startFarm, startGauge } from '../serving/engine-farm.ts';
import { PAGES } from '../serving/pages/index.ts';
import { compare } from './compare.ts';

const FORMATS: readonly Format[] = ['text', 'openmetrics'];

let farm: Farm;
let running: Gauge;
const pages = new Map<Format, string>();

beforeAll(async () => {
  farm = startFarm();
  const targets = farm.servers.map(({ page, endpoint }) => ({
    engine: page.engine,
    url: `http://${endpoint}`,
  }));
  running = await startGauge({ targets });
  await ready(running);
  // A rate needs two answers; the third request shows that the second answer was read.
  await until(
    async () => {
      // Nobody is asked while nobody scrapes.
      await sampled();
      return farm.servers.map(
        ({ page, asked }) => asked.filter((path) => path === page.path).length,
      );
    },
    (counts) => counts.every((n) => n >= 3),
  );
  const seen = await sampled();
  await until(sampled, (now) => now !== undefined && now !== seen);
  for (const format of FORMATS) {
    pages.set(format, await scrape(running, '?collect[]=serving', CONTENT_TYPE[format]));
  }
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await farm[Symbol.asyncDispose]();
});

async function sampled(): Promise<string | undefined> {
  const page = await scrape(running, '?collect[]=self');
  return /^edgegauge_probe_sample_timestamp_seconds\{source="serving"\} (\S+)$/m.exec(page)?.[1];
}

/** Of a page what is about one server, below the heads of its families; what differs from run to run is left out. */
function partOf(page: string, endpoint: string, name: string): string {
  const [, port = ''] = endpoint.split(':');
  const out: string[] = [];
  let head: string[] = [];
  for (const line of page.split('\n')) {
    if (line === '# EOF') head = [line];
    if (line.startsWith('#')) head = /^# HELP|^# EOF/.test(line) ? [line] : [...head, line];
    else if (line.includes(`="${endpoint}"`)) {
      out.push(...head, line);
      head = [];
    }
  }
  const text = out
    .join('\n')
    .replaceAll(`"${endpoint}"`, `"${name}"`)
    .replaceAll(`port="${port}"`, 'port=""')
    .replaceAll(/^(llm_scrape_duration_seconds\S*) \S+$/gm, '$1 NaN');
  return `${text}\n${page.endsWith('# EOF\n') ? '# EOF\n' : ''}`;
}

for (const { name } of PAGES) {
  for (const format of FORMATS) {
    test(`what ${name} says is in test/golden/serving, as ${format}`, () => {
      const server = farm.servers.find(({ page }) => page.name === name);
      const part = partOf(pages.get(format) ?? '', server?.endpoint ?? '', name);
      expect(part).toContain('llm_up{');
      compare(`serving/${name}.${format}.txt`, part);
      if (format === 'openmetrics') expect(violations(part)).toEqual([]);
    });
  }
}

test('no server was asked at another path than its engine’s own', () => {
  for (const { page, asked } of farm.servers) {
    const { paths = [], info = [] } = ENGINES.find(({ name }) => name === page.engine) ?? {};
    const own = new Set([...paths, ...info.map(({ path }) => path)]);
    expect([page.name, asked.filter((path) => !own.has(path))]).toEqual([page.name, []]);
    // The first path of NIM is not there on newer ones: it is not asked again.
    expect(
      asked.filter((path) => path === '/v1/metrics' && page.path !== path).length,
    ).toBeLessThan(2);
  }
});

test('histograms contradict themselves at no scrape', async () => {
  for (let i = 0; i < 10; i++) {
    const page = await scrape(running, '?collect[]=serving');
    let histograms = 0;
    for (const { type, name, samples } of parse(page).values()) {
      if (type !== 'histogram') continue;
      const series = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest));
      for (const [labels, parts] of series) {
        const counts = parts
          .filter((s) => s.name === `${name}_bucket`)
          .map(
            (s) =>
              [
                Number((s.labels['le'] as string).replace('+Inf', 'Infinity')),
                Number(s.value),
              ] as const,
          );
        const total = Number(parts.find((s) => s.name === `${name}_count`)?.value);
        const bounds = counts.map(([le]) => le);
        expect([labels, bounds]).toEqual([labels, [...bounds].sort((a, b) => a - b)]);
        for (const [k, [, n]] of counts.entries()) {
          expect(n).toBeGreaterThanOrEqual(counts[k - 1]?.[1] ?? 0);
        }
        expect([labels, counts.at(-1)]).toEqual([labels, [Infinity, total]]);
        histograms++;
      }
    }
    expect(histograms).toBeGreaterThan(60);
  }
});
