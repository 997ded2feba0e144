/** Servers that answer otherwise than a model server does: what is then said of them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createServer, type Server as TcpServer } from 'node:net';
import {
  type EngineServer,
  endless,
  engineServer,
  text,
} from '../../src/serving/engine-server.fixture.ts';
import { ready, until } from '../edgegauge.ts';
import { type Gauge, startGauge } from './engine-farm.ts';

const queue = (n: number): string => `vllm:num_requests_waiting{model_name="m",engine="0"} ${n}\n`;
const PAGE = queue(3);
const bytes = (page: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(page);

/** The page in pieces. */
const chunked = (page: string, size: number): Response =>
  new Response(
    new ReadableStream({
      async start(controller) {
        for (let at = 0; at < page.length; at += size) {
          controller.enqueue(bytes(page.slice(at, at + size)));
          await Bun.sleep(1);
        }
        controller.close();
      },
    }),
  );

/** 50 MB: what is asked for, then lines that nobody asked for. */
function huge(): Response {
  const rest = bytes('python_other_total{a="b"} 1\n'.repeat(40_000));
  let left = 48;
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(bytes(PAGE)),
      pull: (controller) => (left-- > 0 ? controller.enqueue(rest) : controller.close()),
    }),
  );
}

const trap: EngineServer = engineServer({ '/metrics': () => text(queue(99)) });

interface Case {
  readonly name: string;
  readonly answer: () => Response;
  readonly up: 0 | 1;
  /** Of `llm_queue_depth`; NaN where it is absent. */
  readonly depth: number;
  readonly limited?: string;
}

const CASES: readonly Case[] = [
  { name: 'in chunks', answer: () => chunked(PAGE, 7), up: 1, depth: 3 },
  {
    name: 'compressed',
    answer: () =>
      new Response(Bun.gzipSync(bytes(PAGE)), { headers: { 'Content-Encoding': 'gzip' } }),
    up: 1,
    depth: 3,
  },
  {
    name: 'with the content type of a page of HTML',
    answer: () => new Response(PAGE, { headers: { 'Content-Type': 'text/html' } }),
    up: 1,
    depth: 3,
  },
  {
    name: 'in OpenMetrics',
    answer: () =>
      new Response(`# TYPE vllm:num_requests_waiting gauge\n${PAGE}# EOF\n`, {
        headers: { 'Content-Type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' },
      }),
    up: 1,
    depth: 3,
  },
  {
    name: 'slowly, and never to the end',
    answer: () => endless(PAGE),
    up: 1,
    depth: 3,
    limited: 'time',
  },
  { name: 'with 50 MB', answer: huge, up: 1, depth: 3, limited: 'size' },
  {
    name: 'with a page that somebody shortened',
    answer: () => text(`${PAGE}...\nvllm:num_req`),
    up: 1,
    depth: 3,
    limited: 'cut',
  },
  { name: 'with nothing', answer: () => text(''), up: 1, depth: Number.NaN },
  { name: 'with JSON', answer: () => Response.json([{ iter: 1 }]), up: 0, depth: Number.NaN },
  {
    name: 'with the page of another engine',
    answer: () => text('sglang:num_queue_reqs 1\n'),
    up: 0,
    depth: Number.NaN,
  },
  {
    name: 'with a redirection',
    answer: () => Response.redirect(`${trap.url}/metrics`, 302),
    up: 0,
    depth: Number.NaN,
  },
  {
    name: 'that it has no such path',
    answer: () => new Response('', { status: 404 }),
    up: 0,
    depth: Number.NaN,
  },
  {
    name: 'that it is not ready',
    answer: () => new Response('', { status: 503 }),
    up: 0,
    depth: Number.NaN,
  },
];

let servers: readonly EngineServer[];
let half: TcpServer;
let gauge: Gauge;

beforeAll(async () => {
  servers = CASES.map(({ answer }) => engineServer({ '/metrics': answer }));
  half = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${PAGE}${PAGE.slice(0, 20)}`);
      setTimeout(() => socket.end(), 50);
    });
  });
  await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
  const urls = [...servers.map(({ url }) => url), `http://${halfEndpoint()}`];
  gauge = await startGauge({ targets: urls.map((url) => ({ engine: 'vllm', url })) });
  await ready(gauge);
});

afterAll(async () => {
  await gauge[Symbol.asyncDispose]();
  half.close();
  await Promise.all([...servers, trap].map((server) => server.stop()));
});

const halfEndpoint = (): string => `127.0.0.1:${(half.address() as { port: number }).port}`;

async function check(endpoint: string, { up, depth, limited }: Omit<Case, 'name' | 'answer'>) {
  const labels = `engine="vllm",endpoint="${endpoint}"`;
  await until(
    () => gauge.value(`llm_up{${labels}}`),
    (value) => value === up,
  );
  // A server that takes longer for an answer than three intervals says nothing between two.
  await until(
    () => gauge.value(`llm_queue_depth{model="m",${labels}}`),
    (value) => Object.is(value, depth),
  );
  const page = await gauge.page();
  const reasons = page.matchAll(
    new RegExp(
      `^edgegauge_serving_limited_total\\{target="${endpoint}",reason="(\\w+)"\\} \\d`,
      'gm',
    ),
  );
  const said = [...reasons].map(([, reason]) => reason);
  if (limited === undefined) expect(said).toEqual([]);
  else expect(said).toContain(limited);
}

test.each(CASES.map((c, i) => [c.name, i] as const))('one that answers %s', async (_, i) => {
  await check((servers[i] as EngineServer).endpoint, CASES[i] as Case);
});

test('one that answers half a page', async () => {
  await check(halfEndpoint(), { up: 1, depth: 3, limited: 'cut' });
});

test('nobody was asked that was not named', () => {
  expect(trap.asked).toEqual([]);
});

test('each limit is said once in the log, and counted each time', async () => {
  const i = CASES.findIndex((c) => c.limited === 'cut');
  const { endpoint } = servers[i] as EngineServer;
  await until(
    () => gauge.value(`edgegauge_serving_limited_total{target="${endpoint}",reason="cut"}`),
    (n) => n >= 3,
  );
  const lines = gauge
    .log()
    .split('\n')
    .filter((line) => line.includes(`target=${endpoint}`));
  expect(lines.filter((line) => line.includes('reason=cut'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('reason=malformed'))).toHaveLength(1);
  expect(lines.every((line) => line.includes('level=warn'))).toBe(true);
});

test('what a server said that is gone is withdrawn', async () => {
  const server = engineServer({ '/metrics': () => text(PAGE) });
  await using one = await startGauge({ targets: [{ engine: 'vllm', url: server.url }] });
  const labels = `engine="vllm",endpoint="${server.endpoint}"`;
  const depth = () => one.value(`llm_queue_depth{model="m",${labels}}`);
  await until(depth, (n) => n === 3);
  await server.stop();
  await until(depth, Number.isNaN);
  expect(await one.value(`llm_up{${labels}}`)).toBe(0);
});

test('nobody is asked while nobody scrapes', async () => {
  const server = engineServer({ '/metrics': () => text(PAGE) });
  const args = ['--poll.idle-after=500ms', '--poll.idle-interval=100ms'];
  await using one = await startGauge({ targets: [{ engine: 'vllm', url: server.url }] }, { args });
  await ready(one);
  expect(server.asked).toEqual([]);
  await until(
    async () => {
      await one.page();
      return server.asked.length;
    },
    (n) => n >= 3,
  );
  // Five intervals without a request: it has noticed that nobody scrapes.
  await until(
    async () => {
      const before = server.asked.length;
      await Bun.sleep(1000);
      return server.asked.length - before;
    },
    (n) => n === 0,
  );
  const before = server.asked.length;
  await until(
    async () => {
      await one.page();
      return server.asked.length;
    },
    (n) => n > before,
  );
  await server.stop();
});
