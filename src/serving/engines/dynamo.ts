import type { Engine, Rule } from './engine.ts';

const P = 'dynamo_frontend_';
const histogram = (name: string): readonly Rule[] => [{ histogram: `${P}${name}` }];
const sum = (name: string): Rule => ({ gauge: { name: `${P}${name}` }, reduce: 'sum' });

/**
 * The front end. Names: lib/llm/src/http/service/metrics.rs. Its workers count the same requests again, so
 * what they pass on of their engines is taken from the engines alone.
 */
export const dynamo: Engine = {
  name: 'dynamo',
  title: 'NVIDIA Dynamo (front end)',
  process: {
    command: [String.raw`-m dynamo\.frontend\b`],
    portFlags: ['--http-port', '--port'],
    port: 8000,
    workers: [String.raw`-m dynamo\.(vllm|sglang|trtllm)\b`],
  },
  paths: ['/metrics'],
  page: { any: [P] },
  model: ['model'],
  signals: {
    requests: [
      { counter: [{ name: `${P}requests_total`, labels: { status: { from: 'status' } } }] },
    ],
    duration: histogram('request_duration_seconds'),
    firstToken: histogram('time_to_first_token_seconds'),
    interToken: histogram('inter_token_latency_seconds'),
    generated: [{ counter: [{ name: `${P}output_tokens_total` }] }],
    prompt: [{ counter: [{ name: `${P}input_sequence_tokens_sum` }] }],
    queue: [sum('queued_requests')],
    batch: [sum('inflight_requests'), sum('active_requests')],
    cacheCapacityTokens: [
      {
        product: [{ name: `${P}model_total_kv_blocks` }, { name: `${P}model_kv_cache_block_size` }],
        reduce: 'sum',
      },
    ],
  },
};
