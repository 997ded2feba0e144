import type { Engine } from './engine.ts';

/** GET /api/ps: the models that are loaded, turned into samples by src/serving/ollama.ts. */
export const ollama: Engine = {
  name: 'ollama',
  title: 'Ollama',
  process: {
    command: [String.raw`(^|/)ollama serve\b`],
    portFlags: [],
    port: 11434,
    workers: [String.raw`(^|/)ollama runner\b`],
  },
  paths: ['/api/ps'],
  page: { any: ['ollama_'] },
  model: ['model'],
  info: [{ path: '/api/version', version: ['version'] }],
  signals: {
    modelMemory: [{ gauge: { name: 'ollama_model_size_vram_bytes' }, reduce: 'sum' }],
  },
  notes: [
    'It tells its figures in the answers to single requests alone, so tokens and latencies are absent.',
  ],
};
