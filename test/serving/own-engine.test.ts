/** An engine that nobody has heard of is a block of the configuration file. */
import { expect, test } from 'bun:test';
import { engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { ready, until } from '../edgegauge.ts';
import { startGauge } from './engine-farm.ts';

const PAGE = `acme_waiting{llm="a",pool="x"} 3
acme_waiting{llm="a",pool="y"} 4
acme_done_total{llm="a",how="Fine"} 7
acme_done_total{llm="a",how="Broken"} 2
acme_ms_bucket{llm="a",le="100"} 1
acme_ms_bucket{llm="a",le="+Inf"} 2
acme_ms_sum{llm="a"} 300
acme_ms_count{llm="a"} 2
acme_old{llm="a"} 1
`;

const ACME = {
  name: 'acme',
  paths: ['/stats'],
  page: { any: ['acme_'] },
  model: ['llm'],
  info: [{ path: '/about', version: ['build.version'] }],
  signals: {
    llm_queue_depth: [{ gauge: { name: 'acme_waiting' }, reduce: 'sum' }],
    llm_request_total: [
      {
        counter: [
          {
            name: 'acme_done_total',
            labels: { status: { from: 'how', map: { fine: 'success' } } },
          },
        ],
      },
    ],
    llm_request_duration_seconds: [{ histogram: 'acme_ms', scale: 0.001 }],
    llm_batch_size: [{ gauge: { name: 'acme_old' }, reduce: 'sum', versions: '<2' }],
  },
};

test('what it says is shown, with the labels that were asked for', async () => {
  const server = engineServer({
    '/stats': () => text(PAGE),
    '/about': () => Response.json({ build: { version: '2.1' } }),
  });
  await using gauge = await startGauge({
    engines: [ACME],
    targets: [{ engine: 'acme', url: server.url }],
    instance_label: true,
  });
  await ready(gauge);
  const { endpoint } = server;
  const labels = `model="a",engine="acme",endpoint="${endpoint}",instance="${endpoint}"`;
  await until(
    () => gauge.value(`llm_queue_depth{${labels}}`),
    (n) => n === 7,
  );
  const page = await gauge.page();
  for (const line of [
    `llm_request_total{${labels},status="success"} 7`,
    `llm_request_total{${labels},status="broken"} 2`,
    `llm_request_duration_seconds_bucket{${labels},le="0.1"} 1`,
    `llm_request_duration_seconds_sum{${labels}} 0.3`,
  ]) {
    expect(page).toContain(`\n${line}\n`);
  }
  expect(page).toContain('llm_engine_info{engine="acme",version="2.1",model="a",');
  // A rule of versions before this one.
  expect(page).not.toContain('llm_batch_size{');
  expect([...new Set(server.asked)].sort()).toEqual(['/about', '/stats']);
  await server.stop();
});
