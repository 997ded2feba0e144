import type { Engine } from './engine.ts';

/** Names: router/src/server.rs, backends/v3/src of text-generation-inference. */
export const tgi: Engine = {
  name: 'tgi',
  title: 'Text Generation Inference',
  process: {
    command: [String.raw`\btext-generation-router\b`],
    portFlags: ['--port', '-p'],
    port: 3000,
    modelFlags: ['--model-id'],
    launcher: [String.raw`\btext-generation-launcher\b`],
    workers: [String.raw`\btext-generation-server\b`],
  },
  paths: ['/metrics'],
  page: { any: ['tgi_'] },
  model: [],
  info: [{ path: '/info', model: ['model_id'], version: ['version'] }],
  signals: {
    requests: [
      {
        counter: [
          { name: 'tgi_request_success', labels: { status: 'success' } },
          { name: 'tgi_request_failure', labels: { status: { from: 'err' } } },
        ],
        note: 'not tgi_request_count, which counts a request of the OpenAI interface twice',
      },
    ],
    duration: [{ histogram: 'tgi_request_duration' }],
    interToken: [
      { histogram: 'tgi_request_mean_time_per_token_duration', note: 'mean of each request' },
    ],
    queueTime: [{ histogram: 'tgi_request_queue_duration' }],
    generated: [
      {
        counter: [{ name: 'tgi_request_generated_tokens_sum' }],
        note: 'counted when a request ends',
      },
    ],
    prompt: [
      { counter: [{ name: 'tgi_request_input_length_sum' }], note: 'counted when a request ends' },
    ],
    queue: [{ gauge: { name: 'tgi_queue_size' }, reduce: 'sum' }],
    batch: [{ gauge: { name: 'tgi_batch_current_size' }, reduce: 'sum' }],
    cacheUsage: [
      {
        ratio: [{ name: 'tgi_batch_current_max_tokens' }, { name: 'tgi_batch_max_total_tokens' }],
        note: 'tokens that the running batch may grow to, of the budget of a batch',
      },
    ],
    cacheCapacityTokens: [
      {
        gauge: { name: 'tgi_batch_max_total_tokens' },
        reduce: 'sum',
        note: 'budget of tokens of a batch',
      },
    ],
  },
  notes: ['The time to the first token is not on its page.'],
};
