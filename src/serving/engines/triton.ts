import type { Engine, Rule } from './engine.ts';
import { vllmSignals } from './vllm.ts';

const US = 1e-6;

/** Names: triton-inference-server/core, src/metrics.cc; those of its guests as their own back ends say them. */
const core = {
  requests: {
    counter: [
      { name: 'nv_inference_request_success', labels: { status: 'success' } },
      {
        name: 'nv_inference_request_failure',
        labels: { status: { from: 'reason', map: { '': 'error', other: 'error' } } },
      },
    ],
    note: 'members of an ensemble count besides the ensemble',
  },
  duration: {
    sum: { name: 'nv_inference_request_duration_us', scale: US },
    count: [{ name: 'nv_inference_request_success' }],
    note: 'sum and count alone',
  },
  queueTime: {
    sum: { name: 'nv_inference_queue_duration_us', scale: US },
    count: [{ name: 'nv_inference_request_success' }],
    note: 'sum and count alone',
  },
  queue: { gauge: { name: 'nv_inference_pending_request_count' }, reduce: 'sum' },
  batch: {
    mean: [{ name: 'nv_inference_count' }, { name: 'nv_inference_exec_count' }],
    note: 'mean size of the batches that were executed between two readings',
  },
} as const satisfies Readonly<Record<string, Rule>>;

const trt = (name: string, kind: string, value: string) =>
  ({ name: `nv_trt_llm_${name}_metrics`, where: { [kind]: value } }) as const;
const block = (value: string) => trt('kv_cache_block', 'kv_cache_block_type', value);

const vllm = vllmSignals('vllm:');
const guest = (key: keyof Engine['signals']): readonly Rule[] => vllm[key] ?? [];

export const triton: Engine = {
  name: 'triton',
  title: 'Triton Inference Server, with the back ends TensorRT-LLM and vLLM',
  process: {
    command: ['(^|/)tritonserver( |$)'],
    portFlags: ['--http-port'],
    port: 8000,
    metricsPortFlags: ['--metrics-port'],
    metricsPort: 8002,
    workers: [String.raw`\b(triton_python_backend_stub|trtllmExecutorWorker)\b`],
  },
  paths: ['/metrics'],
  page: { any: ['nv_inference_', 'nv_trt_llm_'] },
  model: ['model'],
  info: [],
  signals: {
    requests: [core.requests],
    duration: [...guest('duration'), core.duration],
    firstToken: [
      ...guest('firstToken'),
      { histogram: 'nv_inference_first_response_histogram_ms', scale: 1e-3 },
    ],
    interToken: guest('interToken'),
    queueTime: [core.queueTime],
    generated: [
      ...guest('generated'),
      { counter: [{ name: 'nv_llm_output_token_len_sum' }], note: 'counted when a request ends' },
    ],
    prompt: [
      ...guest('prompt'),
      { counter: [{ name: 'nv_llm_input_token_len_sum' }], note: 'counted when a request ends' },
    ],
    queue: [{ gauge: trt('request', 'request_type', 'waiting'), reduce: 'sum' }, core.queue],
    batch: [{ gauge: trt('request', 'request_type', 'scheduled'), reduce: 'sum' }, core.batch],
    cacheUsage: [
      { gauge: block('fraction'), reduce: 'mean' },
      { ratio: [block('used'), block('max')] },
    ],
    cacheCapacityTokens: [{ product: [block('max'), block('tokens_per')], reduce: 'sum' }],
  },
  notes: [
    'Models of every back end are served alike, ONNX Runtime and PyTorch among them; what only language models have is absent there.',
    'vLLM in Triton needs REPORT_CUSTOM_METRICS in the configuration of its model.',
  ],
};
