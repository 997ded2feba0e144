import type { Engine, Pick, Rule } from './engine.ts';

const counter = (name: string): Rule => ({ counter: [{ name: `sglang:${name}` }] });
const histogram = (name: string): Rule => ({ histogram: `sglang:${name}` });
const sum = (name: string): Rule => ({ gauge: { name: `sglang:${name}` }, reduce: 'sum' });
/** With priorities on, a queue is there whole, without one, and again by priority. */
const queue = (name: string): Pick => ({ name: `sglang:${name}`, where: { priority: '' } });
const GIB = 2 ** 30;

/** Names: sglang/srt/observability/metrics_collector.py. */
export const sglang: Engine = {
  name: 'sglang',
  title: 'SGLang',
  process: {
    command: [
      String.raw`-m sglang\.launch_server\b`,
      String.raw`(^|[/ ])sglang serve\b`,
      String.raw`sglang/launch_server\.py\b`,
    ],
    portFlags: ['--port'],
    port: 30000,
    modelFlags: ['--served-model-name', '--model-path', '--model'],
    workers: ['^sglang::'],
  },
  paths: ['/metrics'],
  page: { any: ['sglang:'], none: ['dynamo_'] },
  model: ['model_name'],
  info: [{ path: '/get_server_info', version: ['version'] }],
  repeats: ['tp_rank', 'pp_rank', 'moe_ep_rank', 'pid'],
  signals: {
    requests: [
      {
        counter: [
          { name: 'sglang:num_requests_total', labels: { status: 'success' } },
          { name: 'sglang:num_aborted_requests_total', labels: { status: 'abort' } },
        ],
        note: 'counted when a request ends',
      },
      {
        counter: [
          { name: 'sglang:e2e_request_latency_seconds_count', labels: { status: 'success' } },
        ],
        note: 'of older versions: all that ended',
      },
    ],
    duration: [histogram('e2e_request_latency_seconds')],
    firstToken: [histogram('time_to_first_token_seconds')],
    interToken: [
      histogram('inter_token_latency_seconds'),
      histogram('time_per_output_token_seconds'),
    ],
    queueTime: [histogram('queue_time_seconds')],
    generated: [{ ...counter('generation_tokens_total'), note: 'counted when a request ends' }],
    prompt: [{ ...counter('prompt_tokens_total'), note: 'counted when a request ends' }],
    tokensPerSecond: [sum('gen_throughput')],
    queue: [
      {
        gauge: queue('num_queue_reqs'),
        plus: [
          queue('num_grammar_queue_reqs'),
          queue('num_prefill_bootstrap_queue_reqs'),
          queue('num_prefill_prealloc_queue_reqs'),
          queue('num_decode_prealloc_queue_reqs'),
          queue('num_decode_transfer_queue_reqs'),
        ],
        reduce: 'sum',
      },
    ],
    batch: [{ gauge: queue('num_running_reqs'), reduce: 'sum' }],
    cacheUsage: [{ gauge: { name: 'sglang:token_usage' }, reduce: 'mean' }],
    cacheCapacityTokens: [
      sum('max_total_num_tokens'),
      {
        gauge: { name: 'sglang:cache_config_info', label: ['page_size', 'num_pages'] },
        reduce: 'sum',
      },
      {
        gauge: { name: 'sglang:kv_used_tokens' },
        plus: [{ name: 'sglang:kv_available_tokens' }, { name: 'sglang:kv_evictable_tokens' }],
        reduce: 'sum',
      },
    ],
    cacheCapacityBytes: [
      {
        gauge: { name: 'sglang:kv_cache_memory_usage_gb', scale: GIB },
        reduce: 'sum',
        each: true,
        note: 'of the ranks that are on the page: all with --enable-metrics-for-all-schedulers',
      },
    ],
    preemptions: [counter('num_retracted_requests_total')],
    prefixQueries: [
      {
        ...counter('prompt_tokens_total'),
        note: 'tokens of prompts; older servers do not say how many were found',
      },
    ],
    prefixHits: [
      { ...counter('cached_tokens_total'), note: 'tokens, counted when a request ends' },
    ],
  },
  notes: [
    'Tensor-parallel ranks repeat the same figures: one of them counts.',
    'Needs --enable-metrics.',
  ],
};
