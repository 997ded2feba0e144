import { afterEach, describe, expect, test } from 'bun:test';
import {
  type EngineServer,
  engineServer,
  flood,
  type Routes,
  text,
} from './engine-server.fixture.ts';
import { ENGINES } from './engines/index.ts';
import { shown } from './mapping/mapping.fixture.ts';
import { Server } from './server.ts';
import type { Target } from './target.ts';

let server: EngineServer | undefined;
afterEach(() => server?.stop());

const VLLM =
  'vllm:num_requests_waiting{model_name="m",engine="0"} 3\nvllm:num_requests_running{model_name="m",engine="0"} 2\n';

function made(routes: Routes, target: Partial<Target> = { engine: 'vllm' }): Server {
  server = engineServer(routes);
  return new Server({
    target: { url: server.url, ...target },
    engines: ENGINES,
    interval: 15_000,
    now: () => performance.now(),
  });
}

async function asked(routes: Routes, target?: Partial<Target>): Promise<Server> {
  const one = made(routes, target);
  await one.ask();
  return one;
}

test('a server says its figures, its version and that it is up', async () => {
  const vllm = await asked({
    '/metrics': () => text(VLLM),
    '/version': () => Response.json({ version: '0.26.0' }),
  });
  expect(vllm).toMatchObject({ up: true, trouble: undefined, info: { version: '0.26.0' } });
  expect(shown(vllm.values)).toEqual({ 'queue model=m': [3], 'batch model=m': [2] });
  expect(vllm.duration).toBeGreaterThan(0);
});

describe('what is asked', () => {
  test('is the engine’s own path and its pages of facts, and nothing else', async () => {
    await asked(
      { '/prometheus/metrics': () => text('trtllm_num_requests_running 1\n') },
      { engine: 'trtllm' },
    );
    expect(server?.asked).toEqual(['/prometheus/metrics', '/version']);
  });
  test('is the next path where the first is not there', async () => {
    const nim = await asked(
      { '/metrics': () => text('num_request_max 5\nnum_requests_running 1\n') },
      { engine: 'nim' },
    );
    expect(server?.asked.slice(0, 2)).toEqual(['/v1/metrics', '/metrics']);
    expect(nim.up).toBe(true);
  });
  test('is the first path again where that was not there, and only once', async () => {
    const nim = made(
      { '/metrics': () => text('num_request_max 5\nnum_requests_running 1\n') },
      { engine: 'nim' },
    );
    for (let i = 0; i < 3; i++) await nim.ask();
    expect(server?.asked.filter((path) => path === '/v1/metrics')).toHaveLength(1);
    expect(server?.asked.filter((path) => path === '/metrics')).toHaveLength(3);
  });
  test('is the path of the URL where it has one', async () => {
    server = engineServer({ '/own': () => text(VLLM) });
    const own = new Server({
      target: { url: `${server.url}/own` },
      engines: ENGINES,
      interval: 1,
      now: () => 0,
    });
    await own.ask();
    expect([own.up, own.engine]).toEqual([true, 'vllm']);
    expect(server.asked[0]).toBe('/own');
  });
});

describe('a server that is in trouble is down, and says why', () => {
  test.each([
    [
      'it is not ready',
      { '/metrics': () => new Response('', { status: 503 }) },
      'HTTP 503 at /metrics',
    ],
    ['it has no figures', {}, 'HTTP 404 at /metrics'],
    [
      'it is another engine',
      { '/metrics': () => text('sglang:num_queue_reqs 1\n') },
      'its page is that of engine sglang, not of vllm',
    ],
    [
      'it answers JSON',
      { '/metrics': () => Response.json({ iterations: [1] }) },
      'its page is not in the text exposition format',
    ],
    [
      'it answers HTML',
      { '/metrics': () => new Response('<html>\n<body>\n</html>\n') },
      'its page is not in the text exposition format',
    ],
  ] as [string, Routes, string][])('%s', async (_, routes, trouble) => {
    expect(await asked(routes)).toMatchObject({ up: false, trouble, values: [] });
  });

  test('it is unknown, and its page too', async () => {
    server = engineServer({ '/x': () => text('other_metric 1\n') });
    const one = new Server({
      target: { url: `${server.url}/x` },
      engines: ENGINES,
      interval: 1,
      now: () => 0,
    });
    await one.ask();
    expect(one.trouble).toBe('its page is of no engine that is known');
  });
});

test('a server that runs another engine inside says what that says', async () => {
  const page = { '/metrics': () => text(VLLM) };
  const kserve = await asked(page, { engine: 'kserve' });
  expect(kserve).toMatchObject({ up: true, engine: 'kserve' });
  expect(shown(kserve.values)).toEqual({ 'queue model=m': [3], 'batch model=m': [2] });
});

test('the version is asked again when a server was away', async () => {
  let version = '1';
  let status = 200;
  const one = made({
    '/metrics': () => (status === 200 ? text(VLLM) : new Response('', { status })),
    '/version': () => Response.json({ version }),
  });
  await one.ask();
  version = '2';
  await one.ask();
  expect(one.info.version).toBe('1');
  status = 503;
  await one.ask();
  status = 200;
  await one.ask();
  expect(one.info.version).toBe('2');
});

test('a limit is told once, however often it is met', async () => {
  const told: string[] = [];
  server = engineServer({ '/metrics': () => text(`${VLLM}...\nvllm:num`) });
  const one = new Server({
    target: { url: server.url, engine: 'vllm' },
    engines: ENGINES,
    interval: 1,
    now: () => 0,
    limited: (endpoint, reason) => told.push(`${endpoint} ${reason}`),
  });
  for (let i = 0; i < 3; i++) await one.ask();
  expect(told).toEqual([`${server.endpoint} cut`, `${server.endpoint} malformed`]);
  expect([...one.limited]).toEqual([
    ['cut', 3],
    ['malformed', 3],
  ]);
});

test('what a header may not hold is said without it, and so is a path without its query', async () => {
  const odd = await asked({}, { engine: 'vllm', headers: { 'X-Key': 'secret\nword' } });
  expect(odd.trouble).toBe('its headers or credentials hold what no header may hold');
  await server?.stop();
  server = engineServer({});
  const keyed = new Server({
    target: { url: `${server.url}/metrics?key=secret`, engine: 'vllm' },
    engines: ENGINES,
    interval: 1,
    now: () => 0,
  });
  await keyed.ask();
  expect(keyed.trouble).toBe('HTTP 404 at /metrics');
});

describe('what is refused of a page is counted', () => {
  test.each([
    ['cut', () => text(`${VLLM}vllm:num_requests_wai`)],
    ['malformed', () => text(`...\n${VLLM}`)],
    ['incomplete', () => text(`${VLLM}vllm:e2e_request_latency_seconds_bucket{le="1"} 1\n`)],
    ['label', () => text(`${VLLM}vllm:num_requests_running{x="${'y'.repeat(1_000_000)}"} 1\n`)],
  ])('%s', async (reason, page) => {
    const one = await asked({ '/metrics': page });
    expect([...one.limited]).toEqual([[reason, 1]]);
    expect(shown(one.values)).toEqual({ 'queue model=m': [3], 'batch model=m': [2] });
  });

  test('a page without end', async () => {
    const one = await asked({ '/metrics': () => flood(VLLM) });
    expect(one.limited.get('size')).toBe(1);
    expect(one.up).toBe(true);
  });

  test('ten million series', async () => {
    let i = 0;
    const line = (): string => `vllm:num_requests_running{model_name="m${i++}"} 1\n`;
    const chunk = (): Uint8Array =>
      new TextEncoder().encode(Array.from({ length: 1000 }, line).join(''));
    const one = await asked({
      '/metrics': () => new Response(new ReadableStream({ pull: (c) => c.enqueue(chunk()) })),
    });
    expect(one.limited.get('series')).toBe(1);
    expect(one.values.length).toBeLessThanOrEqual(2000);
  });
});

test('requests wait for their time, longer after failures, and never overlap', async () => {
  let now = 0;
  server = engineServer({});
  const one = new Server({
    target: { url: server.url, engine: 'vllm' },
    engines: ENGINES,
    interval: 1000,
    now: () => now,
    random: () => 0.5,
  });
  const times: number[] = [];
  for (now = 0; now < 12_000; now += 500) {
    const before = server.asked.length;
    one.poll();
    one.poll();
    while (one.asking) await Bun.sleep(1);
    if (server.asked.length > before) times.push(now);
    expect(server.asked.length - before).toBeLessThanOrEqual(1);
  }
  expect(times).toEqual([0, 2000, 6000, 10_000]);
});

test('the model of a server that does not say it is what its facts say, or what was configured', async () => {
  const page = { '/metrics': () => text('tgi_queue_size 2\n') };
  const facts = { '/info': () => Response.json({ model_id: 'org/m', version: '3.3.6' }) };
  const known = await asked({ ...page, ...facts }, { engine: 'tgi', model: 'other' });
  expect(shown(known.values)).toEqual({ 'queue model=org/m': [2] });
  await server?.stop();
  expect(shown((await asked(page, { engine: 'tgi', model: 'other' })).values)).toEqual({
    'queue model=other': [2],
  });
});

test('Ollama’s models are told with the memory that they take', async () => {
  const models = [
    { name: 'a"b:latest', size_vram: 5_137_025_024 },
    { name: 'c', size_vram: 1 },
  ];
  const one = await asked({ '/api/ps': () => Response.json({ models }) }, { engine: 'ollama' });
  expect(shown(one.values)).toEqual({
    'modelMemory model=a"b:latest': [5_137_025_024],
    'modelMemory model=c': [1],
  });
  await server?.stop();
  const none = await asked(
    { '/api/ps': () => Response.json({ models: [] }) },
    { engine: 'ollama' },
  );
  expect([none.up, none.values]).toEqual([true, []]);
});

test('bytes of the cache follow from the bytes of a token, and only then', async () => {
  const page =
    'vllm:cache_config_info{block_size="16",num_gpu_blocks="100"} 1\nvllm:kv_cache_usage_perc{model_name="m"} 0.25\n';
  const known = { engine: 'vllm', process: { pid: 1, startTime: 1, cacheBytesPerToken: 1000 } };
  const bytes = shown((await asked({ '/metrics': () => text(page) }, known)).values);
  expect(bytes['cacheCapacityBytes model=m']).toEqual([1_600_000]);
  expect(bytes['cacheUsageBytes model=m']).toEqual([400_000]);
  await server?.stop();
  const unknown = shown((await asked({ '/metrics': () => text(page) })).values);
  expect(Object.keys(unknown).filter((key) => key.includes('Bytes'))).toEqual([]);
});
