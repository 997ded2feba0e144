import type { Engine, Rule } from './engine.ts';
import { either, noted } from './guest.ts';
import { SUCCESS, vllmSignals } from './vllm.ts';

const histogram = (name: string): readonly Rule[] => [{ histogram: name }];
const counter = (name: string): readonly Rule[] => [{ counter: [{ name }] }];
const sum = (name: string): readonly Rule[] => [{ gauge: { name }, reduce: 'sum' }];

const OWN: Engine['signals'] = {
  requests: [
    {
      counter: [
        {
          name: 'request_finish_total',
          labels: { status: { from: 'finished_reason', map: SUCCESS } },
        },
      ],
    },
    {
      counter: [
        { name: 'request_success_total', labels: { status: 'success' } },
        { name: 'request_failure_total', labels: { status: 'error' } },
      ],
    },
  ],
  finished: [
    {
      counter: [
        { name: 'request_finish_total', labels: { finish_reason: { from: 'finished_reason' } } },
      ],
    },
  ],
  duration: histogram('e2e_request_latency_seconds'),
  firstToken: histogram('time_to_first_token_seconds'),
  interToken: histogram('time_per_output_token_seconds'),
  generated: counter('generation_tokens_total'),
  prompt: counter('prompt_tokens_total'),
  queue: sum('num_requests_waiting'),
  batch: sum('num_requests_running'),
  cacheUsage: [{ gauge: { name: 'gpu_cache_usage_perc' }, reduce: 'mean' }],
};

/** Names: docs.nvidia.com/nim/large-language-models, observability. Newer ones serve those of vLLM. */
export const nim: Engine = {
  name: 'nim',
  title: 'NVIDIA NIM for LLMs 1.x',
  process: {
    command: [String.raw`-m vllm_nvext\.`, '/opt/nim/'],
    portFlags: ['--port'],
    port: 8000,
  },
  paths: ['/v1/metrics', '/metrics'],
  page: { any: ['num_request_max', 'request_finish_total'] },
  guests: ['vllm'],
  model: ['model_name'],
  info: [{ path: '/v1/version', version: ['release', 'api'] }],
  signals: either(OWN, noted(vllmSignals('vllm:'), 'of newer ones')),
  notes: ['Those that serve the names of vLLM are read as vLLM is.'],
};
