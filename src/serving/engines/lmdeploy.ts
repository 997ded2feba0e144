import type { Engine, Rule } from './engine.ts';

const P = 'lmdeploy:';
const histogram = (name: string): Rule => ({ histogram: `${P}${name}` });
const counter = (name: string): readonly Rule[] => [{ counter: [{ name: `${P}${name}` }] }];
const sum = (name: string): Rule => ({ gauge: { name: `${P}${name}` }, reduce: 'sum' });
const ENDED = { finish: 'success', stop: 'success', length: 'success' };

/** Names: lmdeploy/metrics/loggers.py. */
export const lmdeploy: Engine = {
  name: 'lmdeploy',
  title: 'LMDeploy',
  process: {
    command: [String.raw`\blmdeploy serve api_server\b`],
    portFlags: ['--server-port'],
    port: 23333,
    modelFlags: ['--model-name'],
    modelAfter: ['api_server'],
  },
  paths: ['/metrics'],
  page: { any: [P] },
  model: ['model_name'],
  signals: {
    requests: [
      // The one that counts failures too.
      {
        counter: [
          { name: `${P}num_requests_succeeded`, labels: { status: 'success' } },
          { name: `${P}num_requests_failed`, labels: { status: 'error' } },
        ],
      },
      {
        counter: [
          {
            name: `${P}request_success_total`,
            labels: { status: { from: 'finished_reason', map: ENDED } },
          },
        ],
      },
    ],
    finished: [
      {
        counter: [
          {
            name: `${P}request_success_total`,
            labels: { finish_reason: { from: 'finished_reason' } },
          },
        ],
      },
    ],
    duration: [histogram('e2e_request_latency_seconds')],
    firstToken: [histogram('time_to_first_token_seconds')],
    interToken: [histogram('iter_token_latency'), histogram('time_per_output_token_seconds')],
    queueTime: [histogram('request_queue_time_seconds')],
    generated: counter('generation_tokens_total'),
    prompt: counter('prompt_tokens_total'),
    queue: [
      {
        gauge: { name: `${P}num_requests_waiting` },
        plus: [{ name: `${P}num_api_requests_waiting` }],
        reduce: 'sum',
      },
    ],
    batch: [sum('num_requests_running')],
    cacheUsage: [{ gauge: { name: `${P}gpu_cache_usage_perc` }, reduce: 'mean' }],
  },
};
