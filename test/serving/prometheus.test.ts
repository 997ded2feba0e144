/** A real Prometheus reads the pages of engines as we do. */
import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LLM_SERVER } from '../../src/catalog/serving.ts';
import { engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { until } from '../edgegauge.ts';
import { ROOT, testWith } from '../parts.ts';
import { Prometheus } from '../prometheus/prometheus.ts';
import { startGauge } from './engine-farm.ts';
import { PAGES } from './pages/index.ts';
import { ours, theirs } from './same-samples.ts';

/** What no engine writes all at once. */
const ODD = String.raw`# A comment, and a line of blanks:

# HELP odd_a A help with \\ and \n in it.
# TYPE odd_a gauge
odd_a{b="a \"quoted\" \\ text",c="two\nlines",} 1e-300
odd_a { b = "blanks" }	5
odd_a{b="größe",empty=""} 1.158e+011
odd_a{b="}{#,="} -0
:odd:colons:{} +Inf
odd_infinite -Inf
odd_nan NaN
odd_large 18446744073709551615
odd_small 4.9406564584124654e-324
odd_h_bucket{le="0.00015000000000000001"} 1
`;

testWith(
  ['prometheus'],
  'the samples of every page are those that a real Prometheus stores of it',
  async ({ prometheus }) => {
    const pages = Object.fromEntries(
      PAGES.filter(({ path }) => path !== '/api/ps').map(({ name, body }) => [name, body(0)]),
    );
    const all = { ...pages, odd: ODD };
    const read = await theirs(prometheus, all);
    // It has no number for what C libraries of Windows print, and refuses the page.
    expect(Object.keys(read).filter((name) => read[name] === undefined)).toEqual([
      'llamacpp-windows',
    ]);
    for (const [name, page] of Object.entries(all)) {
      if (read[name] === undefined) continue;
      expect([name, ours(page)]).toEqual([name, read[name]]);
    }
    expect(Object.keys(read['odd'] ?? {})).toHaveLength(10);
  },
);

/** The queries of README.md's chapter on model servers, for a window that a test can wait for. */
function queries(): string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /^```promql\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  return block
    .split(/\n\n/)
    .map((query) => query.replace(/^#.*\n/gm, '').replaceAll('[5m]', '[5s]'));
}

testWith(['prometheus'], 'Prometheus answers the queries of the README', async ({ prometheus }) => {
  const ranks = (n: number): string =>
    [
      `vllm:generation_tokens_total{model_name="m",engine="0"} ${n * 100}`,
      `vllm:time_to_first_token_seconds_bucket{model_name="m",engine="0",le="0.5"} ${n}`,
      `vllm:time_to_first_token_seconds_bucket{model_name="m",engine="0",le="+Inf"} ${n}`,
      `vllm:time_to_first_token_seconds_sum{model_name="m",engine="0"} ${n / 4}`,
      `vllm:time_to_first_token_seconds_count{model_name="m",engine="0"} ${n}\n`,
    ].join('\n');
  let n = 0;
  const server = engineServer({ '/metrics': () => text(ranks(++n)) });
  await using gauge = await startGauge({ targets: [{ engine: 'vllm', url: server.url }] });
  await using store = await Prometheus.start(prometheus, {
    edgegauge: `127.0.0.1:${gauge.port}`,
  });
  const [tokensPerJoule = '', firstToken = ''] = queries();
  expect(queries()).toHaveLength(2);
  const [answer] = await until(
    () => store.query(`${firstToken} > 0`),
    (series) => series.length === 1,
  );
  // All of them are between the bounds 0 and 0.5.
  expect(answer?.labels).toEqual({ model: 'm' });
  expect(answer?.value).toBeCloseTo(0.475, 9);
  const [tokens = '', joules = ''] = tokensPerJoule.split(/\n\s*\/ /);
  expect((await store.query(`${tokens} > 0`)).map(({ labels }) => labels)).toEqual([
    { model: 'm', endpoint: server.endpoint },
  ]);
  // Nobody has a GPU here; that its labels are the same is asked of the catalog.
  expect(await store.query(tokensPerJoule)).toEqual([]);
  expect(joules).toContain('llm_gpu_energy_joules_total');
  expect(LLM_SERVER.energy.labels).toEqual(['model', 'engine', 'endpoint']);
  await server.stop();
});
