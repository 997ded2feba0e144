/** Pages that are made to hurt: what is too much is cut and told, and neither process grows. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { type EngineServer, engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { ready, scrape, until } from '../edgegauge.ts';
import { parse } from '../exposition.ts';
import { type Gauge, startGauge } from './engine-farm.ts';

const PAGE = 'vllm:num_requests_waiting{model_name="m"} 3\n';
const encode = (page: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(page);

/** Chunk by chunk as fast as it is read; `chunk` is asked for number 0, 1, … */
function stream(chunks: number, chunk: (i: number) => string): Response {
  let i = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (i < chunks) controller.enqueue(encode(chunk(i++)));
        else controller.close();
      },
    }),
  );
}

const LINES = 10_000;
/** Ten million series, others at each request. */
let generation = 0;
const series = (): Response => {
  const base = generation++;
  return stream(1000, (chunk) => {
    let out = '';
    for (let i = 0; i < LINES; i++) {
      out += `vllm:num_requests_running{model_name="m${(base * 1000 + chunk) * LINES + i}"} 1\n`;
    }
    return out;
  });
};
/** Ranks that are other ones at each request, of one series. */
const ranks = (): Response => {
  const base = generation++;
  let out = PAGE;
  for (let i = 0; i < 40_000; i++)
    out += `vllm:generation_tokens_total{model_name="m",engine="${base}-${i}"} 1\n`;
  return text(out);
};
/** Many series with long names: small on the wire, large on a page. */
const histogram = (): Response => {
  let out = PAGE;
  const model = 'x'.repeat(1000);
  for (let i = 0; i < 7100; i++) {
    out += `vllm:e2e_request_latency_seconds_bucket{model_name="${model}",le="${i}"} ${i}\n`;
  }
  return text(
    `${out}vllm:e2e_request_latency_seconds_sum{model_name="${model}"} 1\nvllm:e2e_request_latency_seconds_count{model_name="${model}"} 7100\n`,
  );
};

const bomb = Bun.gzipSync(encode(PAGE + 'python_other{a="b"} 1\n'.repeat(5_000_000)));
const label = `${PAGE}vllm:num_requests_running{model_name="${'y'.repeat(1_000_000)}"} 1\n`;
const manyLabels = `${PAGE}vllm:num_requests_running{${Array.from({ length: 50_000 }, (_, i) => `l${i}="${i}"`).join(',')}} 1\n`;

const CASES: Readonly<Record<string, readonly [reason: string, answer: () => Response]>> = {
  'ten million series': ['series', series],
  'other ranks each time': ['', ranks],
  'a histogram of long lines': ['series', histogram],
  'a packed gigabyte': [
    // On a slow machine its time is over first.
    'size|time',
    () => new Response(bomb, { headers: { 'Content-Encoding': 'gzip' } }),
  ],
  'a label of a megabyte': ['label', () => text(label)],
  'fifty thousand labels': ['label', () => text(manyLabels)],
  'names with newlines': [
    'malformed',
    () => text(`${PAGE}vllm:num_\nrequests_running{a="\n"} 1\n`),
  ],
};

let servers: readonly (EngineServer & { readonly reason: string })[];
let gauge: Gauge;

beforeAll(async () => {
  servers = Object.values(CASES).map(([reason, answer]) => ({
    reason,
    ...engineServer({
      '/metrics': answer,
      '/version': () => Response.json({ version: 'one\ntwo"\\' }),
    }),
  }));
  gauge = await startGauge({
    // What is older than three of these is withdrawn, and to read all these takes a while.
    interval: '1s',
    targets: servers.map(({ url }) => ({ engine: 'vllm', url })),
  });
  await ready(gauge);
  await askedAgain(3);
});

/** Until each was asked for its figures so often again. */
async function askedAgain(times: number): Promise<void> {
  const count = (): number[] =>
    servers.map(({ asked }) => asked.filter((path) => path === '/metrics').length);
  const before = count();
  await until(
    async () => {
      await gauge.page();
      await Bun.sleep(200);
      return count().map((n, i) => n - (before[i] as number));
    },
    (counts) => counts.every((n) => n >= times),
  );
}

afterAll(async () => {
  await gauge[Symbol.asyncDispose]();
  await Promise.all(servers.map((server) => server.stop()));
});

/** How often something was cut of a server for one of the reasons. */
async function limitOf(endpoint: string, reasons: string): Promise<number> {
  const line = new RegExp(
    `^edgegauge_serving_limited_total\\{target="${endpoint}",reason="(${reasons})"\\} (\\d+)$`,
    'gm',
  );
  return [...(await gauge.page()).matchAll(line)].reduce((sum, [, , n]) => sum + Number(n), 0);
}

test.each(Object.keys(CASES))(
  '%s: the rest of the page is told, what was cut is counted and said once',
  async (name) => {
    const { endpoint, reason } = servers[
      Object.keys(CASES).indexOf(name)
    ] as (typeof servers)[number];
    const labels = `engine="vllm",endpoint="${endpoint}"`;
    await until(
      () => gauge.value(`llm_up{${labels}}`),
      (up) => up === 1,
    );
    if (name !== 'ten million series') {
      await until(
        () => gauge.value(`llm_queue_depth{model="m",${labels}}`),
        (depth) => depth === 3,
      );
    }
    if (reason === '') return;
    await until(
      () => limitOf(endpoint, reason),
      (n) => n >= 2,
    );
    const said = gauge
      .log()
      .split('\n')
      .filter(
        (line) => line.includes(`target=${endpoint} `) || line.endsWith(`target=${endpoint}`),
      );
    const reasons = said.map((line) => /reason=(\w+)/.exec(line)?.[1]);
    expect(reasons.filter((r) => new RegExp(reason).test(r ?? '')).length).toBeGreaterThan(0);
    expect(reasons).toHaveLength(new Set(reasons).size);
  },
);

test('a page with all that is one that can be read, and no larger than what was let through', async () => {
  const page = await scrape(gauge);
  expect(page).toContain('version="one\\ntwo\\"\\\\"');
  expect(() => parse(page)).not.toThrow();
  expect(page.length).toBeLessThan(servers.length * 8 * 1024 * 1024);
  const endpoint = servers[0]?.endpoint;
  const lines = page.split('\n').filter((line) => line.includes(`endpoint="${endpoint}"`));
  expect(lines.length).toBeLessThan(5000);
});

/** Anonymous memory of edgegauge and its probe for model servers, MiB. */
function memory(): { serving: number; probe: number } {
  const of = (pid: number): number =>
    Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  const probe = readdirSync('/proc').find((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('\0probe\0serving\0') &&
        readFileSync(`/proc/${name}/status`, 'utf8').includes(`PPid:\t${gauge.pid}\n`)
      );
    } catch {
      return false;
    }
  });
  return { serving: of(gauge.pid), probe: of(Number(probe)) };
}

test('memory stays where it is, whatever is sent', async () => {
  const rounds: { serving: number; probe: number }[] = [];
  for (let i = 0; i < 3; i++) {
    await askedAgain(3);
    rounds.push(memory());
  }
  console.log(
    `RssAnon, MiB: ${rounds.map(({ serving, probe }) => `${serving.toFixed(0)}/${probe.toFixed(0)}`).join(' ')}`,
  );
  for (const { serving, probe } of rounds) {
    expect(probe).toBeLessThan(MOST_PROBE);
    expect(serving).toBeLessThan(MOST_SERVING);
  }
});

/** MiB. */
const MOST_PROBE = 300;
const MOST_SERVING = 150;
