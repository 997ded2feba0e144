import type { Engine, Rule } from './engine.ts';

const P = 'llamacpp:';
const MEAN = { note: 'sum and count alone: the mean is right, quantiles are not known' } as const;
const sum = (name: string): readonly Rule[] => [{ gauge: { name: `${P}${name}` }, reduce: 'sum' }];

/** Names: tools/server/README.md of llama.cpp. */
export const llamacpp: Engine = {
  name: 'llamacpp',
  title: 'llama.cpp server',
  process: {
    command: ['(^|[/ ])llama-server( |$)'],
    portFlags: ['--port'],
    port: 8080,
    modelFlags: ['--alias', '-a', '--model', '-m'],
  },
  paths: ['/metrics'],
  page: { any: [P] },
  model: ['model'],
  info: [
    {
      path: '/props',
      model: ['model_alias', 'model_path'],
      version: ['build_info'],
    },
    { path: '/v1/models', model: ['data.0.id'] },
  ],
  signals: {
    interToken: [
      {
        sum: { name: `${P}tokens_predicted_seconds_total` },
        count: [{ name: `${P}tokens_predicted_total` }],
        ...MEAN,
      },
    ],
    generated: [{ counter: [{ name: `${P}tokens_predicted_total` }] }],
    prompt: [
      {
        counter: [{ name: `${P}prompt_tokens_total` }, { name: `${P}prompt_tokens_cached_total` }],
        note: 'older servers do not count what they found in the cache',
      },
    ],
    queue: sum('requests_deferred'),
    batch: sum('requests_processing'),
    cacheUsage: [
      { gauge: { name: `${P}kv_cache_usage_ratio` }, reduce: 'mean', note: 'until May 2025' },
    ],
  },
  notes: [
    'Needs --metrics.',
    'Each request for its figures ends the window of its own averages, which edgegauge does not use.',
  ],
};
