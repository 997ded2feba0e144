import type { Engine } from './engine.ts';
import { either, noted } from './guest.ts';
import { vllmSignals } from './vllm.ts';

/** Names: python/kserve/kserve/metrics.py. */
const OWN: Engine['signals'] = {
  requests: [
    { counter: [{ name: 'request_predict_seconds_count', labels: { status: 'success' } }] },
  ],
  duration: [{ histogram: 'request_predict_seconds', note: 'the prediction alone' }],
};

export const kserve: Engine = {
  name: 'kserve',
  title: 'KServe model server (Python)',
  process: {
    command: [
      String.raw`-m (huggingfaceserver|sklearnserver|kserve\.)`,
      String.raw`\bhuggingfaceserver\b`,
    ],
    portFlags: ['--http_port'],
    port: 8080,
    modelFlags: ['--model_name'],
  },
  paths: ['/metrics'],
  page: { any: ['request_predict_seconds', 'request_preprocess_seconds'] },
  guests: ['vllm'],
  model: ['model_name'],
  signals: either(noted(vllmSignals('vllm:'), 'where it runs vLLM'), OWN),
  notes: ['Its server for Hugging Face models has the names of vLLM where that runs them.'],
};
