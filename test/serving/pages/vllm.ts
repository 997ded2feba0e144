/** vLLM, alone and as the guest of others. Names: vllm/engine/metrics.py (v0), vllm/v1/metrics/loggers.py (v1). */
import { CPP, type Labels, PageWriter, PYTHON } from './writer.ts';

const MODEL = 'acme/Llama-9B-Chat';
const FIRST_TOKEN = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const FIRST_TOKEN_NEW = [...FIRST_TOKEN, 20, 40, 80, 160, 640, 2560];
const BETWEEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const BETWEEN_NEW = [...BETWEEN, 5, 7.5, 10, 20, 40, 80];
export const WHOLE_OLD = [1, 2.5, 5, 10, 15, 20, 30, 40, 50, 60];
export const WHOLE = [
  0.3,
  0.5,
  0.8,
  1,
  1.5,
  2,
  ...WHOLE_OLD.slice(1),
  120,
  240,
  480,
  960,
  1920,
  7680,
];
const TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** One figure per rank: rank n has (n + 1) times that of the first. */
const rows = (ranks: readonly Labels[], value: number): [Labels, number][] =>
  ranks.map((labels, i) => [labels, value * (i + 1)]);
const observed = (
  ranks: readonly Labels[],
  count: number,
  mean: number,
): [Labels, number, number][] => ranks.map((labels, i) => [labels, count * (i + 1), mean]);
const by = (
  ranks: readonly Labels[],
  label: string,
  values: Readonly<Record<string, number>>,
): [Labels, number][] =>
  ranks.flatMap((labels, i) =>
    Object.entries(values).map(([value, n]): [Labels, number] => [
      { ...labels, [label]: value },
      n * (i + 1),
    ]),
  );

export function vllmV0(): string {
  const one = [{ model_name: MODEL }];
  const page = new PageWriter(PYTHON)
    .counter('python_gc_objects_collected_total', [[{ generation: '0' }, 66_525]])
    .gauge('process_virtual_memory_bytes', 39_024_848_896)
    .gauge('vllm:cache_config_info', [
      [
        {
          block_size: '16',
          cache_dtype: 'auto',
          gpu_memory_utilization: '0.9',
          num_cpu_blocks: '2048',
          num_gpu_blocks: '4000',
          sliding_window: 'None',
        },
        1,
      ],
    ])
    .gauge('vllm:num_requests_running', rows(one, 3))
    .gauge('vllm:num_requests_waiting', rows(one, 2))
    .gauge('vllm:num_requests_swapped', rows(one, 0))
    .gauge('vllm:gpu_cache_usage_perc', rows(one, 0.125))
    .gauge('vllm:cpu_cache_usage_perc', rows(one, 0))
    .gauge('vllm:cpu_prefix_cache_hit_rate', rows(one, -1))
    .counter('vllm:num_preemptions_total', rows(one, 1))
    .counter('vllm:prompt_tokens_total', rows(one, 115_800_000_000))
    .counter('vllm:generation_tokens_total', rows(one, 7_557_572));
  page.histogram('vllm:time_to_first_token_seconds', FIRST_TOKEN, observed(one, 9, 0.06));
  page.histogram('vllm:time_per_output_token_seconds', BETWEEN, observed(one, 2537, 0.04));
  page.histogram('vllm:e2e_request_latency_seconds', WHOLE_OLD, observed(one, 6, 15.5));
  page.histogram('vllm:request_prompt_tokens', TOKENS, observed(one, 6, 10));
  return page
    .counter('vllm:request_success_total', by(one, 'finished_reason', { length: 6, stop: 3 }))
    .gauge('vllm:avg_prompt_throughput_toks_per_s', rows(one, 1.25))
    .gauge('vllm:avg_generation_throughput_toks_per_s', rows(one, 34.5))
    .toString();
}

interface V1 {
  /** Families begin with it. */
  readonly prefix: string;
  readonly ranks: readonly Labels[];
  /** Labels of the cache's description. */
  readonly cache: Labels;
  /** Both names of what was renamed, as around 0.10. */
  readonly twins?: boolean;
  /** `_created` gauges, which one process alone prints. */
  readonly created?: boolean;
}

function v1({ prefix, ranks, cache, twins = false, created = false }: V1): string {
  const n = (family: string): string => `${prefix}${family}`;
  const page = new PageWriter(PYTHON)
    .gauge(n('num_requests_running'), rows(ranks, 3))
    .gauge(n('num_requests_waiting'), rows(ranks, 2))
    .gauge(n('num_requests_waiting_by_reason'), by(ranks, 'reason', { capacity: 2, deferred: 0 }))
    .gauge(n('kv_cache_usage_perc'), rows(ranks, 0.25));
  if (twins) {
    page
      .gauge(n('gpu_cache_usage_perc'), rows(ranks, 0.25))
      .counter(n('gpu_prefix_cache_queries_total'), rows(ranks, 5120))
      .counter(n('gpu_prefix_cache_hits_total'), rows(ranks, 2048));
  }
  page
    .counter(n('prefix_cache_queries_total'), rows(ranks, 5120))
    .counter(n('prefix_cache_hits_total'), rows(ranks, 2048))
    .counter(n('num_preemptions_total'), rows(ranks, 1))
    .counter(n('prompt_tokens_total'), rows(ranks, 4000))
    .counter(n('generation_tokens_total'), rows(ranks, 9000));
  if (created) page.gauge(n('generation_tokens_created'), rows(ranks, 1.7e9));
  page.counter(
    n('request_success_total'),
    by(ranks, 'finished_reason', { stop: 30, length: 9, abort: 1, ...(twins ? {} : { error: 0 }) }),
  );
  page
    .histogram(n('request_prompt_tokens'), TOKENS, observed(ranks, 40, 100))
    // A histogram with the ending of a counter.
    .histogram(n('iteration_tokens_total'), TOKENS, observed(ranks, 200, 45))
    .histogram(n('time_to_first_token_seconds'), FIRST_TOKEN_NEW, observed(ranks, 40, 0.5));
  if (twins)
    page.histogram(n('time_per_output_token_seconds'), BETWEEN_NEW, observed(ranks, 400, 0.04));
  else {
    page
      .histogram(n('inter_token_latency_seconds'), BETWEEN_NEW, observed(ranks, 400, 0.04))
      .histogram(
        n('request_time_per_output_token_seconds'),
        BETWEEN_NEW,
        observed(ranks, 40, 0.05),
      );
  }
  return page
    .histogram(n('e2e_request_latency_seconds'), WHOLE, observed(ranks, 40, 5.5))
    .histogram(n('request_queue_time_seconds'), WHOLE, observed(ranks, 40, 0.25))
    .histogram(n('request_prefill_time_seconds'), WHOLE, observed(ranks, 40, 0.5))
    .gauge(
      n('cache_config_info'),
      ranks.map((rank) => [{ ...rank, ...cache }, 1]),
    )
    .toString();
}

const engines = (count: number): Labels[] =>
  Array.from({ length: count }, (_, i) => ({ model_name: MODEL, engine: String(i) }));

export const vllm010 = (): string =>
  v1({
    prefix: 'vllm:',
    ranks: engines(1),
    twins: true,
    created: true,
    cache: {
      block_size: '16',
      cache_dtype: 'auto',
      num_gpu_blocks: '21544',
      num_cpu_blocks: 'None',
    },
  });

/** Two data-parallel ranks; blocks times their size is not what the cache has room for. */
export const vllm026 = (): string =>
  v1({
    prefix: 'vllm:',
    ranks: engines(2),
    cache: { block_size: '8', num_gpu_blocks: '320', kv_cache_size_tokens: '463459' },
  });

/** Two replicas on one node. `separator`: that of older and of newer versions of Ray. */
export const ray = (separator: ':' | '_'): string =>
  v1({
    prefix: `ray_vllm${separator}`,
    ranks: [0, 1].map((i) => ({
      Component: 'core_worker',
      NodeAddress: '10.1.2.3',
      SessionName: 'session_2026-01-02_03-04-05_000006_7',
      Version: '2.50.0',
      WorkerId: `6ad5887a${i}`,
      model_name: MODEL,
      engine: '0',
    })),
    cache: { block_size: '16', num_gpu_blocks: '1000' },
  });

/** What src/utils/metrics.py of Triton's back end prints, after Triton's own. */
export function vllmInTriton(): string {
  const one = [{ model: 'chat', version: '1' }];
  return new PageWriter(CPP)
    .counter('vllm:prompt_tokens_total', rows(one, 120))
    .counter('vllm:generation_tokens_total', rows(one, 640))
    .histogram('vllm:time_to_first_token_seconds', FIRST_TOKEN, observed(one, 8, 0.125))
    .histogram('vllm:time_per_output_token_seconds', BETWEEN, observed(one, 632, 0.03125))
    .histogram('vllm:e2e_request_latency_seconds', WHOLE_OLD, observed(one, 8, 2.5))
    .histogram('vllm:request_params_n', [1, 2, 5, 10, 20], observed(one, 8, 1))
    .toString();
}

/** NIM 1.x: the names of vLLM's first engine without a prefix, and some of its own. */
export function nim(): string {
  const one = [{ model_name: 'acme/nim-8b' }];
  return new PageWriter(PYTHON)
    .gauge('num_requests_running', rows(one, 2))
    .gauge('num_requests_waiting', rows(one, 1))
    .gauge('num_request_max', rows(one, 2048))
    .gauge('gpu_cache_usage_perc', rows(one, 0.5))
    .counter('prompt_tokens_total', rows(one, 7510))
    .counter('generation_tokens_total', rows(one, 6402))
    .histogram('time_to_first_token_seconds', FIRST_TOKEN, observed(one, 6, 0.25))
    .histogram('time_per_output_token_seconds', BETWEEN, observed(one, 6396, 0.0125))
    .histogram('e2e_request_latency_seconds', WHOLE_OLD, observed(one, 6, 13.5))
    .counter('request_finish_total', by(one, 'finished_reason', { stop: 4, length: 2 }))
    .counter('request_success_total', rows(one, 6))
    .counter('request_failure_total', rows(one, 1))
    .toString();
}

/** trtllm-serve: tensorrt_llm/metrics/collector.py. Without a prefix up to 1.2. */
export function trtllm(version: '1.1' | '1.3'): string {
  const prefix = version === '1.3' ? 'trtllm_' : '';
  const one = [{ model_name: 'acme-8b', engine_type: version === '1.3' ? 'trtllm' : 'undefined' }];
  const page = new PageWriter(PYTHON)
    .counter(`${prefix}request_success_total`, by(one, 'finished_reason', { stop: 31, length: 9 }))
    .histogram(`${prefix}e2e_request_latency_seconds`, WHOLE, observed(one, 40, 4.75))
    .histogram(`${prefix}time_to_first_token_seconds`, FIRST_TOKEN_NEW, observed(one, 40, 0.25))
    .histogram(`${prefix}time_per_output_token_seconds`, BETWEEN_NEW, observed(one, 40, 0.0125))
    .histogram(`${prefix}request_queue_time_seconds`, WHOLE, observed(one, 40, 0.5));
  if (version === '1.1') return page.toString();
  return page
    .counter('trtllm_prompt_tokens_total', rows(one, 5120))
    .counter('trtllm_generation_tokens_total', rows(one, 10_240))
    .gauge('trtllm_kv_cache_hit_rate', rows(one, 0.35))
    .counter('trtllm_kv_cache_reused_blocks_total', rows(one, 350))
    .counter('trtllm_kv_cache_missed_blocks_total', rows(one, 650))
    .gauge('trtllm_kv_cache_utilization', rows(one, 0.6))
    .gauge('trtllm_num_requests_running', rows(one, 5))
    .gauge('trtllm_num_requests_waiting', rows(one, 2))
    .gauge('trtllm_max_num_active_requests', rows(one, 2048))
    .gauge('trtllm_gpu_memory_usage_bytes', rows(one, 76e9))
    .gauge('trtllm_kv_cache_max_blocks', rows(one, 1000))
    .gauge('trtllm_kv_cache_used_blocks', rows(one, 600))
    .gauge('trtllm_kv_cache_tokens_per_block', rows(one, 32))
    .gauge('trtllm_num_scheduled_requests', rows(one, 4))
    .toString();
}

/** lmdeploy/metrics/loggers.py: some of its gauges are counters, one of its histograms has the ending of one. */
export function lmdeploy(): string {
  const one = [{ model_name: 'acme/Chat-7B', engine: '0' }];
  const n = (family: string): string => `lmdeploy:${family}`;
  return new PageWriter(PYTHON)
    .gauge(n('num_requests_succeeded'), rows(one, 40))
    .gauge(n('num_requests_failed'), rows(one, 1))
    .gauge(n('num_api_requests_routed'), rows(one, 6))
    .gauge(n('num_api_requests_waiting'), rows(one, 3))
    .gauge(n('num_requests_running'), rows(one, 4))
    .gauge(n('num_requests_waiting'), rows(one, 2))
    .gauge(n('gpu_cache_usage_perc'), rows(one, 0.375))
    .counter(n('prompt_tokens_total'), rows(one, 4000))
    .counter(n('generation_tokens_total'), rows(one, 9000))
    .counter(n('request_success_total'), by(one, 'finished_reason', { 'ResponseType.FINISH': 40 }))
    .histogram(n('iteration_tokens_total'), TOKENS, observed(one, 200, 45))
    .histogram(n('time_to_first_token_seconds'), FIRST_TOKEN_NEW, observed(one, 40, 0.5))
    .histogram(n('time_per_output_token_seconds'), BETWEEN_NEW, observed(one, 40, 0.03125))
    .histogram(n('iter_token_latency'), BETWEEN_NEW, observed(one, 400, 0.03))
    .histogram(n('e2e_request_latency_seconds'), WHOLE, observed(one, 40, 6.75))
    .histogram(n('request_queue_time_seconds'), WHOLE, observed(one, 40, 0.5))
    .toString();
}
