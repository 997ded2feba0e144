/** A real Prometheus scrapes edgegauge: OpenMetrics, as it asks for by itself, and the text format. */
import { expect } from 'bun:test';
import { CONTENT_TYPE } from '../../src/text/format.ts';
import { complete, type Running, ready, scrape, start, until } from '../edgegauge.ts';
import { identity, samples, series } from '../exposition.ts';
import { isLive } from '../normalise.ts';
import { testWith } from '../parts.ts';
import { MACHINES, materialise } from '../trees/write.ts';
import { Prometheus } from './prometheus.ts';

const BOTH = '?dialect=native,node';
/** Series that Prometheus adds to each target: up, scrape_duration_seconds and three counts. */
const ADDED = 5;

/** What older Prometheus servers ask for: the same pages in the text format. */
function textOnly(running: Running): Bun.Server<undefined> {
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const { pathname, search } = new URL(request.url);
      const accept = 'text/plain;version=0.0.4;q=1,*/*;q=0.1';
      // In gzip, as edgegauge has answered it.
      return fetch(`${running.url}${pathname}${search}`, {
        headers: { accept },
        decompress: false,
      });
    },
  });
}

/** Waits until a job has been scraped `times`. */
const scraped = (prometheus: Prometheus, job: string, times: number): Promise<unknown> =>
  until(
    () => prometheus.query(`count_over_time(up{job="${job}"}[5m]) >= ${times}`),
    (answer) => answer.length === 1,
  );

/** Nothing was dropped, refused or doubled. */
async function expectClean(prometheus: Prometheus): Promise<void> {
  const lines = prometheus.log.split('\n');
  expect(lines.filter((line) => /level=(warn|error)/.test(line))).toEqual([]);
  const own = samples(await prometheus.own());
  const bad =
    /^prometheus_target_scrapes?_\w*(duplicate|out_of_order|out_of_bounds|exceeded|mismatch)/;
  const counts = [...own].filter(([series]) => bad.test(series));
  expect(counts.length).toBeGreaterThan(3);
  for (const [series, count] of counts) expect([series, count]).toEqual([series, '0']);
}

testWith(
  ['prometheus'],
  'Prometheus stores every sample of this machine, from OpenMetrics in gzip and from the text format',
  async (found) => {
    await using running = await start(['--poll.interval=200ms']);
    using text = textOnly(running);
    await ready(running);
    await complete(running);
    await using prometheus = await Prometheus.start(found.prometheus, {
      openmetrics: `127.0.0.1:${running.port}`,
      text: `127.0.0.1:${text.port}`,
    });
    for (const job of ['openmetrics', 'text']) {
      await scraped(prometheus, job, 5);
      const value = (expression: string): Promise<number> =>
        prometheus.value(expression.replaceAll('JOB', `job="${job}"`));
      expect(await value('min_over_time(up{JOB}[5m])')).toBe(1);
      const page = await scrape(running, BOTH);
      const { size } = samples(page);
      expect(size).toBeGreaterThan(500);
      expect(await value('scrape_samples_scraped{JOB}')).toBe(size);
      expect(await value('count({JOB})')).toBe(size + ADDED);
      const mean = 'edgegauge_response_bytes_sum{JOB} / edgegauge_response_bytes_count{JOB}';
      expect(await value(mean)).toBeLessThan(page.length / 2);
      // A second has passed on each CPU in each second.
      const time = await value('sum(rate(node_cpu_seconds_total{JOB}[4s]))');
      const cpus = await value('count(count by (cpu) (node_cpu_seconds_total{JOB}))');
      expect(time / cpus).toBeGreaterThan(0.7);
      expect(time / cpus).toBeLessThan(1.3);
    }
    await expectClean(prometheus);
  },
);

/** Every series that is stored of a job: its identity on the page, and its value. */
async function stored(prometheus: Prometheus, job: string): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  for (const { labels, value } of await prometheus.query(`{job="${job}"}`)) {
    const { __name__: name = '', job: _, instance: __, ...own } = labels;
    if (!/^(up|scrape_\w+)$/.test(name)) out.set(identity({ name, labels: own, value: '' }), value);
  }
  return out;
}

testWith(
  ['prometheus'],
  'Prometheus stores of every fixture machine each series of its page with its value',
  async (found) => {
    await using stack = new AsyncDisposableStack();
    const targets: Record<string, string> = {};
    const pages = new Map<string, string>();
    for (const name of MACHINES) {
      const machine = stack.use(materialise(name));
      const running = stack.use(await start([...machine.flags, '--poll.interval=200ms']));
      await ready(running);
      await complete(running);
      targets[name] = `127.0.0.1:${running.port}`;
      pages.set(name, await scrape(running, BOTH, CONTENT_TYPE.openmetrics));
    }
    const prometheus = stack.use(await Prometheus.start(found.prometheus, targets));
    for (const [name, page] of pages) {
      await scraped(prometheus, name, 2);
      const there = await stored(prometheus, name);
      const expected = series(page);
      expect([...there.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, { value }] of expected) {
        // A number as it is in the page: written and read again it is the same double.
        if (!isLive(key)) expect([key, there.get(key)]).toEqual([key, Number(value)]);
      }
      for (const { metric, unit } of await prometheus.metadata(name)) {
        if (unit !== '') expect(metric).toEndWith(`_${unit}`);
      }
    }
    await expectClean(prometheus);
  },
);
