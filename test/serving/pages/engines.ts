/** The engines that have nothing of vLLM, Triton left out. `step`: of what is shown as a growth alone. */

import { WHOLE_OLD } from './vllm.ts';
import { CPP, JAVA, type Labels, PageWriter, PYTHON, RUST, TENSORFLOW } from './writer.ts';

const SGLANG_MODEL = { model_name: 'acme/Qwen-8B' };
const SG_FIRST = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400];
const SG_BETWEEN = [
  0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1, 0.2,
  0.4, 0.6, 0.8, 1, 2, 4, 6, 8,
];

/** Without the labels of ranks, and with older names. */
export function sglang04(): string {
  const one: Labels[] = [SGLANG_MODEL];
  const first = [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20,
    25, 30,
  ];
  // Go's client prints the sum before the buckets.
  const page = new PageWriter({ ...PYTHON, sumFirst: true })
    .counter('sglang:prompt_tokens_total', [[SGLANG_MODEL, 8_128_902]])
    .counter('sglang:generation_tokens_total', [[SGLANG_MODEL, 7_557_572]])
    .gauge('sglang:token_usage', [[SGLANG_MODEL, 0.28]])
    .gauge('sglang:cache_hit_rate', [[SGLANG_MODEL, 0.0075]]);
  for (const [name, bounds, mean] of [
    ['time_to_first_token_seconds', first, 0.5],
    ['e2e_request_latency_seconds', WHOLE_OLD, 4],
    ['time_per_output_token_seconds', first.slice(1, 14), 0.0625],
  ] as const) {
    page.histogram(
      `sglang:${name}`,
      bounds,
      one.map((labels) => [labels, 1100, mean]),
    );
  }
  return page
    .gauge('sglang:num_running_reqs', [[SGLANG_MODEL, 162]])
    .gauge('sglang:num_used_tokens', [[SGLANG_MODEL, 123_859]])
    .gauge('sglang:gen_throughput', [[SGLANG_MODEL, 86.5]])
    .gauge('sglang:num_queue_reqs', [[SGLANG_MODEL, 2826]])
    .toString();
}

/** Two tensor-parallel ranks, which repeat each other, of each of two data-parallel ones; priorities are on. */
export function sglang05(): string {
  const ranks = [0, 1].flatMap((dp) =>
    [0, 1].map((tp) => ({
      dp,
      labels: {
        ...SGLANG_MODEL,
        engine_type: 'unified',
        tp_rank: String(tp),
        pp_rank: '0',
        moe_ep_rank: '0',
        dp_rank: String(dp),
        priority: '',
      },
    })),
  );
  const page = new PageWriter(PYTHON);
  const gauge = (name: string, value: number): PageWriter =>
    page.gauge(
      `sglang:${name}`,
      ranks.map(({ dp, labels }) => [labels, value * (dp + 1)]),
    );
  const queue = (name: string, value: number): PageWriter =>
    page.gauge(
      `sglang:${name}`,
      ranks.flatMap(({ dp, labels }) =>
        ['', '1', '5'].map((priority): [Labels, number] => [
          { ...labels, priority },
          // The one without a priority is the sum of the others.
          priority === '' ? 2 * value * (dp + 1) : value * (dp + 1),
        ]),
      ),
    );
  queue('num_running_reqs', 4);
  gauge('num_used_tokens', 8192);
  gauge('token_usage', 0.25);
  gauge('gen_throughput', 512.5);
  queue('num_queue_reqs', 3);
  gauge('num_grammar_queue_reqs', 1);
  queue('num_decode_prealloc_queue_reqs', 0.5);
  gauge('cache_hit_rate', 0.2);
  gauge('max_total_num_tokens', 32_768);
  gauge('kv_cache_memory_usage_gb', 2);
  gauge('num_retracted_reqs', 0);
  page.histogram(
    'sglang:queue_time_seconds',
    [0, 0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30],
    ranks.map(({ dp, labels }) => [labels, 20 * (dp + 1), 1]),
  );
  page.gauge('sglang:cache_config_info', [[{ page_size: '1', num_pages: '32768' }, 1]]);
  const streams = ['true', 'false'].map((is_streaming) => ({ ...SGLANG_MODEL, is_streaming }));
  const each = (value: number): [Labels, number][] => streams.map((labels) => [labels, value]);
  page
    .counter('sglang:prompt_tokens_total', each(4000))
    .counter('sglang:generation_tokens_total', each(8000))
    .counter(
      'sglang:cached_tokens_total',
      ['device', 'host'].map((cache_source) => [{ ...SGLANG_MODEL, cache_source }, 1200]),
    )
    .counter('sglang:num_requests_total', each(20))
    .counter('sglang:num_aborted_requests_total', each(1))
    .counter('sglang:num_retracted_requests_total', each(2))
    .counter('sglang:realtime_tokens_total', [[{ ...SGLANG_MODEL, mode: 'decode' }, 15_000]]);
  for (const [name, bounds, mean] of [
    ['time_to_first_token_seconds', SG_FIRST, 1.5],
    ['inter_token_latency_seconds', SG_BETWEEN, 0.025],
    ['e2e_request_latency_seconds', [...SG_FIRST, 600, 1200, 1800, 2400], 13.5],
  ] as const) {
    page.histogram(
      `sglang:${name}`,
      bounds,
      streams.map((labels) => [labels, 20, mean]),
    );
  }
  return page.toString();
}

/** 0.1 ms times 1.5 to the power of 1 to 35. */
const TGI = Array.from({ length: 35 }, (_, k) => 0.0001 * 1.5 ** (k + 1));
const steps = (most: number): number[] =>
  Array.from({ length: 100 }, (_, i) => ((i + 1) * most) / 100);

/** No label says the model. */
export function tgi(): string {
  const page = new PageWriter(RUST)
    .counter('tgi_request_success', 40)
    .counter('tgi_request_count', 83)
    .counter('tgi_request_failure', [
      [{ err: 'validation' }, 2],
      [{ err: 'overloaded' }, 1],
    ])
    .counter('tgi_batch_inference_count', [[{ method: 'prefill' }, 38]])
    .gauge('tgi_queue_size', 2)
    .gauge('tgi_batch_current_size', 4)
    .gauge('tgi_batch_current_max_tokens', 8192)
    .gauge('tgi_batch_max_total_tokens', 65_536);
  for (const [name, mean] of [
    ['tgi_request_duration', 5.5],
    ['tgi_request_queue_duration', 0.1875],
    ['tgi_request_inference_duration', 5],
    ['tgi_request_mean_time_per_token_duration', 0.03125],
  ] as const) {
    page.histogram(name, TGI, [[{}, 40, mean]]);
  }
  return page
    .histogram('tgi_request_generated_tokens', steps(2048), [[{}, 40, 211]])
    .histogram('tgi_request_input_length', steps(1024), [[{}, 43, 297]])
    .summary('tgi_request_skipped_tokens', [0, 0.5, 0.9, 0.95, 0.99, 0.999, 1], 2200, 11)
    .toString();
}

/** Names: tools/server/README.md. `windows`: as its C library prints what is no number. */
export function llamacpp(windows: boolean): string {
  const page = new PageWriter({ ...CPP, sorted: false })
    .counter('llamacpp:prompt_tokens_total', 1250)
    .counter('llamacpp:prompt_seconds_total', 2.5)
    .counter('llamacpp:tokens_predicted_total', 640)
    .counter('llamacpp:tokens_predicted_seconds_total', 16)
    .counter('llamacpp:n_decode_total', 700)
    .counter('llamacpp:n_tokens_max', 1024)
    .gauge('llamacpp:n_busy_slots_per_decode', 1.25);
  if (windows)
    page.raw('llamacpp:prompt_tokens_seconds -nan(ind)\nllamacpp:kv_cache_usage_ratio -nan(ind)\n');
  else
    page.gauge('llamacpp:prompt_tokens_seconds', 500).gauge('llamacpp:kv_cache_usage_ratio', 0.25);
  return page
    .gauge('llamacpp:requests_processing', 2)
    .gauge('llamacpp:requests_deferred', 1)
    .toString();
}

const powers = (first: number, factor: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first * factor ** i);

export function tfserving(step: number): string {
  const P = ':tensorflow:serving:';
  const model = { model_name: 'half_plus_two' };
  return new PageWriter(TENSORFLOW)
    .counter(':tensorflow:core:graph_runs', 42)
    .histogram(`${P}batching_session:processed_batch_size`, powers(1, 2, 13), [
      [{}, 20 * (step + 1), 4],
    ])
    .histogram(`${P}batching_session:queuing_latency`, powers(100, 1.2, 52), [[{}, 20, 1500]])
    .counter(`${P}request_count`, [
      [{ ...model, status: 'OK' }, 40],
      [{ ...model, status: 'INVALID_ARGUMENT' }, 2],
    ])
    .histogram(`${P}request_latency`, powers(10, 1.8, 33), [
      [{ ...model, API: 'Predict', entrypoint: 'GRPC' }, 30, 5000],
      [{ ...model, API: 'predict', entrypoint: 'REST' }, 10, 4000],
    ])
    .toString();
}

export function torchserve(): string {
  const host = { Level: 'Host', Hostname: 'box' };
  const one: Labels = { model_name: 'resnet', model_version: 'default', hostname: 'box' };
  return new PageWriter(JAVA)
    .counter('Requests2XX', [[host, 8]])
    .gauge('PredictionTime', [[{ ModelName: 'resnet', Level: 'Model', Hostname: 'box' }, 83.13]])
    .gauge('DiskUsage', [[host, 20.054508209228516]])
    .raw('# HELP GPUUtilization A gauge without samples.\n# TYPE GPUUtilization gauge\n')
    .counter('ts_inference_requests_total', [[one, 3]])
    .counter('ts_inference_latency_microseconds', [[one, 290_371.25]])
    .counter('ts_queue_latency_microseconds', [[one, 365.5]])
    .toString();
}

const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export function kserve(): string {
  const page = new PageWriter(PYTHON);
  for (const part of ['preprocess', 'predict', 'postprocess', 'explain']) {
    const rows = [[{ model_name: 'iris' }, 12, 0.0625]] as const;
    page.histogram(`request_${part}_seconds`, DEFAULT_BOUNDS, part === 'explain' ? [] : rows);
  }
  return page.toString();
}

export function dynamo(): string {
  const P = 'dynamo_frontend_';
  const model = { model: 'acme/llama-70b' };
  const ended = { ...model, endpoint: 'chat_completions', request_type: 'stream' };
  return new PageWriter({ ...RUST, after: '' })
    .counter(`${P}requests_total`, [
      [{ ...ended, status: 'success', error_type: '' }, 30],
      [{ ...ended, status: 'error', error_type: 'overload' }, 2],
    ])
    .histogram(`${P}request_duration_seconds`, [0, 1, 2.2, 4.8, 11, 23], [[model, 30, 6.5]])
    .histogram(`${P}time_to_first_token_seconds`, [0, 0.0022, 0.047, 1, 2.2], [[model, 30, 0.25]])
    .histogram(`${P}inter_token_latency_seconds`, [0, 0.0022, 0.047, 1], [[model, 6000, 0.015625]])
    .counter(`${P}output_tokens_total`, [[model, 6030]])
    .histogram(`${P}input_sequence_tokens`, [0, 50, 120, 260], [[model, 30, 128]])
    .gauge(`${P}queued_requests`, [[model, 3]])
    .gauge(`${P}inflight_requests`, [[model, 8]])
    .gauge(`${P}active_requests`, [[model, 5]])
    .gauge(`${P}model_total_kv_blocks`, [[model, 12_000]])
    .gauge(`${P}model_kv_cache_block_size`, [[model, 16]])
    .toString();
}

export const dynamoWorker = (): string =>
  new PageWriter({ ...RUST, after: '' })
    .counter('dynamo_component_requests_total', [
      [{ dynamo_component: 'backend', dynamo_endpoint: 'generate', model: 'acme/llama-70b' }, 30],
    ])
    .toString();
