/** Model servers in one vocabulary, whatever the engine calls its own figures. */
import { type Row, signals } from './signal.ts';

/** `instance` and `gpu` where `serving.instance_label` and `serving.gpu_label` are on. */
const SERVER = ['model', 'engine', 'endpoint', 'instance', 'gpu'] as const;

type Plain = Omit<Row, 'labels' | 'node' | 'dcgm'> & { readonly extra?: readonly string[] };

const llm = ({ extra = [], ...row }: Plain): Row => ({ ...row, labels: [...SERVER, ...extra] });

const seconds = (help: string, native: string): Row =>
  llm({ type: 'histogram', unit: 'seconds', help, native });
const total = (help: string, native: string, ...extra: string[]): Row =>
  llm({ type: 'counter', help, native, extra });
const now = (help: string, native: string, unit = ''): Row =>
  llm({ type: 'gauge', unit, help, native });

/** What engines say, mapped by `src/serving/engines`. What an engine does not say is absent. */
export const LLM = signals('serving', {
  requests: total(
    'Requests that ended, by how: success or a kind of error.',
    'llm_request_total',
    'status',
  ),
  finished: total(
    'Requests that ended, by the reason that the engine gives.',
    'llm_request_finished_total',
    'finish_reason',
  ),
  duration: seconds(
    'Time from the arrival of a request to its last token.',
    'llm_request_duration_seconds',
  ),
  firstToken: seconds(
    'Time from the arrival of a request to its first token.',
    'llm_time_to_first_token_seconds',
  ),
  interToken: seconds(
    'Time between two tokens of a request. Engines that only know the mean of each request give one observation per request.',
    'llm_inter_token_latency_seconds',
  ),
  queueTime: seconds(
    'Time that requests waited before the engine began with them.',
    'llm_queue_time_seconds',
  ),
  generated: total(
    'Tokens generated. Some engines count them when a request ends.',
    'llm_tokens_generated_total',
  ),
  prompt: total(
    'Tokens of prompts. Some engines count them when a request ends.',
    'llm_prompt_tokens_total',
  ),
  tokensPerSecond: now(
    'Tokens generated per second: as the engine says it, otherwise over the last two readings.',
    'llm_tokens_per_second',
  ),
  queue: now('Requests that wait.', 'llm_queue_depth'),
  batch: now('Requests that are being processed together.', 'llm_batch_size'),
  cacheUsage: now('Share of the KV cache that is in use.', 'llm_kv_cache_usage_ratio', 'ratio'),
  cacheCapacityTokens: now(
    'Tokens that the KV cache has room for.',
    'llm_kv_cache_capacity_tokens',
  ),
  cacheUsageBytes: now(
    'Bytes of the KV cache that are in use, where the engine states them or its model configuration gives them.',
    'llm_kv_cache_usage_bytes',
    'bytes',
  ),
  cacheCapacityBytes: now(
    'Bytes of the KV cache, where the engine states them or its model configuration gives them.',
    'llm_kv_cache_capacity_bytes',
    'bytes',
  ),
  preemptions: total(
    'Times that a request was put back for want of cache.',
    'llm_preemptions_total',
  ),
  prefixQueries: total(
    'Tokens or blocks looked up in the prefix cache, as the engine counts them.',
    'llm_prefix_cache_queries_total',
  ),
  prefixHits: total(
    'Tokens or blocks found in the prefix cache, as the engine counts them.',
    'llm_prefix_cache_hits_total',
  ),
  modelMemory: now(
    'GPU memory of a loaded model, weights and cache together.',
    'llm_model_gpu_memory_bytes',
    'bytes',
  ),
});

/** Engines that are known without a configuration: labels `engine`. */
export const ENGINE_NAMES = [
  'vllm',
  'sglang',
  'tgi',
  'triton',
  'trtllm',
  'nim',
  'lmdeploy',
  'llamacpp',
  'ollama',
  'tfserving',
  'torchserve',
  'kserve',
  'ray',
  'dynamo',
] as const;

const ENDPOINT = ['engine', 'endpoint', 'instance'] as const;

/** What edgegauge knows of the servers themselves. */
export const LLM_SERVER = signals('serving', {
  up: {
    type: 'gauge',
    help: 'Whether the last request for the figures of this server succeeded.',
    labels: ENDPOINT,
    native: 'llm_up',
  },
  scrapeDuration: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last request for the figures of this server took.',
    labels: ENDPOINT,
    native: 'llm_scrape_duration_seconds',
  },
  info: {
    type: 'gauge',
    help: 'A model server: its engine and version, its models, its process.',
    labels: ['engine', 'version', 'model', 'endpoint', 'pid', 'port'],
    native: 'llm_engine_info',
  },
  /** For `doctor`: no dialect names it. */
  trouble: {
    type: 'gauge',
    help: 'Why a model server says nothing.',
    labels: ['engine', 'endpoint', 'pid', 'reason'],
  },
  gpuInfo: {
    type: 'gauge',
    help: 'A GPU that a model server holds.',
    labels: ['engine', 'model', 'endpoint', 'gpu', 'uuid'],
    native: 'llm_engine_gpu_info',
  },
  /** For the split of energy: no dialect names it. */
  holder: {
    type: 'gauge',
    help: 'A process of a model server on a GPU.',
    labels: ['engine', 'model', 'endpoint', 'pid', 'uuid'],
  },
  energy: {
    type: 'counter',
    unit: 'joules',
    help: 'Energy of the GPUs that a model server holds, while it holds them. A GPU with several processes is split by their use of its multiprocessors, by their memory while all are idle.',
    labels: ['model', 'engine', 'endpoint'],
    native: 'llm_gpu_energy_joules_total',
  },
  limited: {
    type: 'counter',
    help: 'Answers of a server of which a part was refused, by the limit that was met.',
    labels: ['target', 'reason'],
    native: 'edgegauge_serving_limited_total',
  },
});

/** What the processes that hold a GPU are. */
export const GPU_PROCESS_INFO = signals('serving', {
  process: {
    type: 'gauge',
    help: 'What a process that holds a GPU runs: its framework, and the engine and model where it is a model server.',
    labels: ['pid', 'framework', 'engine', 'model'],
    native: 'gpu_process_info',
  },
});
