import type { Engine } from './engine.ts';
import { SUCCESS } from './vllm.ts';

/** Names: tensorrt_llm/metrics/collector.py. Those that there were before the others, then without a prefix. */
function requests(prefix: string): Engine['signals'] {
  const name = (family: string): string => `${prefix}${family}`;
  const ended = (labels: Record<string, { from: string; map?: Record<string, string> }>) => [
    { counter: [{ name: name('request_success_total'), labels }] },
  ];
  return {
    requests: ended({ status: { from: 'finished_reason', map: SUCCESS } }),
    finished: ended({ finish_reason: { from: 'finished_reason' } }),
    duration: [{ histogram: name('e2e_request_latency_seconds') }],
    firstToken: [{ histogram: name('time_to_first_token_seconds') }],
    interToken: [
      { histogram: name('time_per_output_token_seconds'), note: 'mean of each request' },
    ],
    queueTime: [{ histogram: name('request_queue_time_seconds') }],
  };
}

const AT_END = { note: 'counted when a request ends' } as const;
const gauge = (family: string, reduce: 'sum' | 'mean' = 'sum') =>
  ({ gauge: { name: `trtllm_${family}` }, reduce }) as const;

const SIGNALS: Engine['signals'] = {
  ...requests('trtllm_'),
  generated: [{ counter: [{ name: 'trtllm_generation_tokens_total' }], ...AT_END }],
  prompt: [{ counter: [{ name: 'trtllm_prompt_tokens_total' }], ...AT_END }],
  queue: [gauge('num_requests_waiting')],
  batch: [gauge('num_requests_running'), gauge('num_scheduled_requests')],
  cacheUsage: [
    gauge('kv_cache_utilization', 'mean'),
    { ratio: [{ name: 'trtllm_kv_cache_used_blocks' }, { name: 'trtllm_kv_cache_max_blocks' }] },
  ],
  cacheCapacityTokens: [
    {
      product: [
        { name: 'trtllm_kv_cache_max_blocks' },
        { name: 'trtllm_kv_cache_tokens_per_block' },
      ],
      reduce: 'sum',
    },
  ],
  prefixQueries: [
    {
      counter: [
        { name: 'trtllm_kv_cache_reused_blocks_total' },
        { name: 'trtllm_kv_cache_missed_blocks_total' },
      ],
      note: 'blocks',
    },
  ],
  prefixHits: [{ counter: [{ name: 'trtllm_kv_cache_reused_blocks_total' }], note: 'blocks' }],
};

const COMMON = {
  /** `/metrics` empties a queue that others read: it is never asked. */
  paths: ['/prometheus/metrics'],
  model: ['model_name'],
  info: [{ path: '/version', version: ['version'] }],
  notes: [
    'Needs return_perf_metrics: true; gauges also enable_iter_perf_stats: true.',
    'Gauges move when a request ends.',
  ],
} as const;

export const trtllm: Engine = {
  ...COMMON,
  name: 'trtllm',
  title: 'trtllm-serve (TensorRT-LLM 1.3 and later)',
  process: {
    command: ['(^|[/ ])trtllm-serve( |$)'],
    portFlags: ['--port'],
    port: 8000,
    modelFlags: ['--model'],
    modelAfter: ['trtllm-serve', 'serve'],
    workers: [String.raw`\btensorrt_llm\.`],
  },
  page: { any: ['trtllm_'], none: ['dynamo_'] },
  signals: SIGNALS,
};

/** Its names are those of many: the label tells it. */
export const trtllmUnprefixed: Engine = {
  ...COMMON,
  name: 'trtllm',
  title: 'trtllm-serve (TensorRT-LLM up to 1.2)',
  page: {
    any: ['e2e_request_latency_seconds', 'request_success_total'],
    none: ['num_request_max', 'dynamo_'],
    label: 'engine_type',
  },
  signals: requests(''),
};
