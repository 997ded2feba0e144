import type { Engine, Rule } from './engine.ts';

/** Ways in which a request ends that are no failures of it; without one it is counted as a success. */
export const SUCCESS = {
  stop: 'success',
  length: 'success',
  repetition: 'success',
  '': 'success',
} as const;

/**
 * vLLM's families, which its guests (Triton, Ray Serve, NIM) have under their own prefixes.
 * Names: vllm/engine/metrics.py (v0), vllm/v1/metrics/loggers.py (v1).
 */
export function vllmSignals(prefix: string): Engine['signals'] {
  const name = (family: string): string => `${prefix}${family}`;
  const counter = (...families: string[]): Rule[] =>
    families.map((f) => ({ counter: [{ name: name(f) }] }));
  const histogram = (...families: string[]): Rule[] =>
    families.map((f) => ({ histogram: name(f) }));
  const ended = (
    labels: Readonly<Record<string, { from: string; map?: Record<string, string> }>>,
  ) => [{ counter: [{ name: name('request_success_total'), labels }] }];
  const cache = name('cache_config_info');
  return {
    requests: ended({ status: { from: 'finished_reason', map: SUCCESS } }),
    finished: ended({ finish_reason: { from: 'finished_reason' } }),
    duration: histogram('e2e_request_latency_seconds'),
    firstToken: histogram('time_to_first_token_seconds'),
    interToken: [
      ...histogram('inter_token_latency_seconds', 'time_per_output_token_seconds'),
      {
        histogram: name('request_time_per_output_token_seconds'),
        note: 'mean of each request',
      },
    ],
    queueTime: histogram('request_queue_time_seconds'),
    generated: counter('generation_tokens_total'),
    prompt: counter('prompt_tokens_total'),
    tokensPerSecond: [
      {
        gauge: { name: name('avg_generation_throughput_toks_per_s') },
        reduce: 'sum',
        versions: '<0.6',
      },
    ],
    queue: [{ gauge: { name: name('num_requests_waiting') }, reduce: 'sum' }],
    batch: [{ gauge: { name: name('num_requests_running') }, reduce: 'sum' }],
    cacheUsage: [
      { gauge: { name: name('kv_cache_usage_perc') }, reduce: 'mean' },
      { gauge: { name: name('gpu_cache_usage_perc') }, reduce: 'mean' },
    ],
    cacheCapacityTokens: [
      { gauge: { name: cache, label: ['kv_cache_size_tokens'] }, reduce: 'sum' },
      {
        gauge: { name: cache, label: ['block_size', 'num_gpu_blocks'] },
        reduce: 'sum',
        note: 'blocks times their size, which is not so for models that mix kinds of attention',
      },
    ],
    preemptions: counter('num_preemptions_total'),
    prefixQueries: counter('prefix_cache_queries_total', 'gpu_prefix_cache_queries_total'),
    prefixHits: counter('prefix_cache_hits_total', 'gpu_prefix_cache_hits_total'),
  };
}

export const vllm: Engine = {
  name: 'vllm',
  title: 'vLLM',
  process: {
    command: [
      String.raw`(^|[/ ])vllm serve\b`,
      String.raw`-m vllm\.entrypoints\.(openai\.)?(api_server|cli\.main serve)\b`,
      String.raw`vllm/entrypoints/openai/api_server\.py\b`,
    ],
    portFlags: ['--port'],
    port: 8000,
    modelFlags: ['--served-model-name', '--model'],
    modelAfter: ['serve'],
    workers: ['^(VLLM|vllm)::'],
  },
  paths: ['/metrics'],
  page: { any: ['vllm:'], none: ['dynamo_', 'nv_inference_', 'nv_trt_llm_', 'ray_'] },
  model: ['model_name'],
  info: [{ path: '/version', version: ['version'] }],
  signals: vllmSignals('vllm:'),
  notes: [
    'llm_request_total counts aborted requests as status="abort".',
    'With several data-parallel ranks their figures are added; shares of the cache are averaged.',
  ],
};
