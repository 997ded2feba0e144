/** A real engine: found without a word of configuration, and its counts are those of its answers. */
import { expect } from 'bun:test';
import { ready, scrape, start, until } from '../edgegauge.ts';
import { testWith } from '../parts.ts';
import { Prometheus } from '../prometheus/prometheus.ts';
import { startLlama } from './llama.ts';

const FAST = ['--poll.interval=100ms', '--serving.interval=200ms'];

testWith(
  ['llama'],
  'llama-server is found by itself, and its tokens are those of its answers',
  async ({ llama }) => {
    await using server = await startLlama(llama);
    await using running = await start(FAST);
    await ready(running);
    const endpoint = `engine="llamacpp",endpoint="127.0.0.1:${server.port}"`;
    const labels = `{model="lab-model",${endpoint}}`;
    const value = async (series: string): Promise<number> => {
      const lines = (await scrape(running, '?collect[]=serving')).split('\n');
      return Number(
        lines
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')
          .at(-1),
      );
    };
    const up = `llm_up{${endpoint}}`;
    await until(
      () => value(up),
      (x) => x === 1,
    );

    let predicted = 0;
    let evaluated = 0;
    for (const [i, prompt] of [
      'one',
      'a longer prompt',
      'a third one that is different',
    ].entries()) {
      const tokens = await server.complete(prompt, 5 + i);
      predicted += tokens.predicted;
      evaluated += tokens.evaluated;
    }
    await until(
      () => value(`llm_tokens_generated_total${labels}`),
      (x) => x === predicted,
    );
    expect(predicted).toBe(18);
    expect(await value(`llm_prompt_tokens_total${labels}`)).toBe(evaluated);
    expect(await value(`llm_inter_token_latency_seconds_count${labels}`)).toBe(predicted);
    expect(await value(`llm_queue_depth${labels}`)).toBe(0);
    const page = await scrape(running, '?collect[]=serving');
    expect(page).toMatch(
      new RegExp(
        `llm_engine_info\\{engine="llamacpp",version="b\\d+[^"]*",model="lab-model",endpoint="127.0.0.1:${server.port}",pid="${server.pid}",port="${server.port}"\\} 1`,
      ),
    );
  },
);

testWith(
  ['llama', 'prometheus'],
  'Prometheus answers the queries of the README about a real engine',
  async ({ llama, prometheus }) => {
    await using server = await startLlama(llama);
    await using running = await start(FAST);
    await using store = await Prometheus.start(prometheus, {
      edgegauge: `127.0.0.1:${running.port}`,
    });
    const rate = 'sum by (model) (rate(llm_tokens_generated_total[30s]))';
    await until(
      async () => {
        await server.complete('again', 20);
        return await store.query(`${rate} > 0`);
      },
      (answer) => answer.length === 1,
    );
    expect(await store.value('max(llm_queue_depth)')).toBe(0);
    expect(await store.value('min(llm_up)')).toBe(1);
  },
);
