import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { UNGUARDED } from '../board/guard.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import { Discovery } from './discover/discover.ts';
import { type FakeProc, fakeProc } from './discover/proc.fixture.ts';
import { type EngineServer, engineServer, text } from './engine-server.fixture.ts';
import { ENGINES } from './engines/index.ts';
import { Fleet } from './fleet.ts';
import type { Holder } from './holders.ts';
import { type ServingOptions, serving } from './source.ts';

const INTERVAL = 1000;
let page = '';
let now = 0;
let server: EngineServer;
let proc: FakeProc;

beforeEach(() => {
  now = 0;
  page = 'vllm:num_requests_waiting{model_name="m"} 3\n';
  server = engineServer({ '/metrics': () => text(page) });
  proc = fakeProc([]);
});
afterEach(async () => {
  await server.stop();
  proc[Symbol.dispose]();
});

/** A source with one server that was named, and what it shows. */
function made(options: Partial<ServingOptions> = {}) {
  const fleet = new Fleet({
    targets: [{ engine: 'vllm', url: server.url }],
    engines: ENGINES,
    discover: false,
    interval: INTERVAL,
    now: () => now,
    random: () => 0.5,
    discovery: new Discovery({
      procfs: proc.path,
      engines: ENGINES,
      elsewhere: false,
      guard: UNGUARDED,
    }),
  });
  const layout = new Layout(new Board());
  const source = serving({
    fleet,
    interval: INTERVAL,
    busy: () => true,
    instanceLabel: false,
    gpuLabel: false,
    holders: () => [],
    now: () => now,
    ...options,
  });
  const registry = new Registry(layout, [source]);
  return {
    /** Samples, waits for the answers, samples again. */
    async poll(): Promise<void> {
      registry.discover();
      registry.sample();
      while (fleet.servers.some((s) => s.asking)) await Bun.sleep(1);
      registry.sample();
    },
    /** Values by native name; of a histogram all of them. */
    shown(): Record<string, readonly number[]> {
      const out: Record<string, readonly number[]> = {};
      for (const { signal, slot, size, collector } of layout.series()) {
        const values = [...layout.board.values.slice(slot, slot + size)];
        const name = signal.dialects.native?.name;
        if (collector === 'serving' && name !== undefined && !values.some(Number.isNaN)) {
          out[name] = values;
        }
      }
      return out;
    },
    labels: (name: string) =>
      [...layout.series()]
        .filter((s) => s.signal.dialects.native?.name === name)
        .map((s) => s.labels),
  };
}

test('what a server said is shown for three intervals and no longer; that it is down is shown on', async () => {
  const one = made();
  await one.poll();
  expect(one.shown()).toMatchObject({ llm_queue_depth: [3], llm_up: [1] });
  await server.stop();
  for (now = 500; now <= 3 * INTERVAL; now += 500) {
    await one.poll();
    expect(one.shown()['llm_queue_depth']).toEqual([3]);
  }
  expect(one.shown()['llm_up']).toEqual([0]);
  now = 3 * INTERVAL + 1;
  await one.poll();
  expect(one.shown()['llm_queue_depth']).toBeUndefined();
  expect(one.shown()['llm_up']).toEqual([0]);
});

test('nobody is asked while nobody scrapes', async () => {
  let busy = false;
  const one = made({ busy: () => busy });
  for (; now < 10 * INTERVAL; now += INTERVAL) await one.poll();
  expect(server.asked).toEqual([]);
  busy = true;
  await one.poll();
  expect(server.asked).toContain('/metrics');
});

describe('labels that are asked for', () => {
  const holders: Holder[] = [
    { pid: 1, uuid: 'GPU-a', gpu: '3' },
    { pid: 2, uuid: 'GPU-a', gpu: '3' },
  ];
  const labels = () => ({ model: 'm', engine: 'vllm', endpoint: server.endpoint });

  test('none', async () => {
    const one = made({ holders: () => holders });
    await one.poll();
    expect(one.labels('llm_queue_depth')).toEqual([labels()]);
  });
  test('instance', async () => {
    const one = made({ instanceLabel: true });
    await one.poll();
    expect(one.labels('llm_queue_depth')).toEqual([{ ...labels(), instance: server.endpoint }]);
    expect(one.labels('llm_up')).toMatchObject([{ instance: server.endpoint }]);
  });
  test('gpu, of a server that holds one, whatever number of its processes do', async () => {
    const one = made({ gpuLabel: true, holders: () => holders });
    await one.poll();
    expect(one.labels('llm_queue_depth')).toEqual([{ ...labels(), gpu: '3' }]);
    expect(one.labels('llm_engine_gpu_info')).toEqual([{ ...labels(), gpu: '3', uuid: 'GPU-a' }]);
  });
  test('no gpu, of a server that holds two', async () => {
    const two = [...holders, { pid: 2, uuid: 'GPU-b', gpu: '4' }];
    const one = made({ gpuLabel: true, holders: () => two });
    await one.poll();
    expect(one.labels('llm_queue_depth')).toEqual([labels()]);
    expect(one.labels('llm_engine_gpu_info')).toHaveLength(2);
  });
});

test('bounds that an engine changed are changed, though they are as many as before', async () => {
  const histogram = (bound: number): string =>
    `vllm:e2e_request_latency_seconds_bucket{model_name="m",le="${bound}"} 1
vllm:e2e_request_latency_seconds_sum{model_name="m"} 2
vllm:e2e_request_latency_seconds_count{model_name="m"} 4
`;
  const layouts: unknown[] = [];
  page = histogram(1);
  const one = made();
  await one.poll();
  layouts.push(one.shown()['llm_request_duration_seconds']);
  page = histogram(5).replace('} 4', '} 7');
  now += 2 * INTERVAL;
  await one.poll();
  layouts.push(one.shown()['llm_request_duration_seconds']);
  expect(layouts).toEqual([
    [1, 4, 2],
    [1, 7, 2],
  ]);
});
