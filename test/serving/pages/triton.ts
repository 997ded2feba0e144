/** Triton and TensorRT-LLM in it: src/metrics.cc of its core, README.md of tensorrtllm_backend. */
import { CPP, type Labels, PageWriter } from './writer.ts';

/** `step`: of what is shown as a growth alone. */
export function triton(models: readonly string[], step: number, old = false): string {
  const rows = (value: number): [Labels, number][] =>
    models.map((model, i) => [{ model, version: '1' }, value * (i + 1)]);
  const failed = old
    ? rows(1)
    : models.flatMap((model) =>
        ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'].map((reason, i): [Labels, number] => [
          { model, version: '1', reason },
          i,
        ]),
      );
  return new PageWriter(CPP)
    .counter('nv_inference_request_success', rows(8))
    .counter('nv_inference_request_failure', failed)
    .counter('nv_inference_count', rows(12 * (step + 1)))
    .counter('nv_inference_exec_count', rows(3 * (step + 1)))
    .counter('nv_inference_request_duration_us', rows(2_500_000))
    .counter('nv_inference_queue_duration_us', rows(125_000))
    .counter('nv_inference_compute_infer_duration_us', rows(2_000_000))
    .gauge('nv_inference_pending_request_count', rows(2))
    .gauge('nv_gpu_utilization', [[{ gpu_uuid: 'GPU-1' }, 0.5]])
    .counter('nv_energy_consumption', [[{ gpu_uuid: 'GPU-1' }, 123_456.75]])
    .toString();
}

/** Latencies that have to be switched on. */
export const tritonHistograms = (): string =>
  new PageWriter(CPP)
    .histogram(
      'nv_inference_first_response_histogram_ms',
      [100, 500, 2000, 5000],
      [[{ model: 'chat', version: '1' }, 8, 250]],
    )
    .raw('# TYPE nv_inference_request_summary_us summary\n')
    .raw('nv_inference_request_summary_us{model="chat",version="1",quantile="0.5"} Nan\n')
    .toString();

export function tensorrtInTriton(): string {
  const rows = (label: string, values: Readonly<Record<string, number>>): [Labels, number][] =>
    Object.entries(values).map(([value, n]) => [
      { model: 'tensorrt_llm', [label]: value, version: '1' },
      n,
    ]);
  return new PageWriter(CPP)
    .gauge(
      'nv_trt_llm_request_metrics',
      rows('request_type', { waiting: 1, context: 1, scheduled: 3, max: 512, active: 4 }),
    )
    .gauge('nv_trt_llm_runtime_memory_metrics', rows('memory_type', { pinned: 0, gpu: 1_610_236 }))
    .gauge(
      'nv_trt_llm_kv_cache_block_metrics',
      rows('kv_cache_block_type', {
        fraction: 0.4875,
        tokens_per: 64,
        used: 1,
        free: 6239,
        max: 6240,
      }),
    )
    .gauge('nv_trt_llm_general_metrics', rows('general_type', { iteration_counter: 7 }))
    .histogram(
      'nv_llm_output_token_len',
      [10, 50, 100, 500, 1000],
      [[{ model: 'tensorrt_llm', version: '1' }, 8, 100]],
    )
    .histogram(
      'nv_llm_input_token_len',
      [10, 50, 100, 500, 1000],
      [[{ model: 'tensorrt_llm', version: '1' }, 8, 50]],
    )
    .toString();
}
