import type { Engine } from './engine.ts';

const US = 1e-6;
const REQUESTS = 'ts_inference_requests_total';

/** Names: docs/metrics_api.md of TorchServe. */
export const torchserve: Engine = {
  name: 'torchserve',
  title: 'TorchServe',
  process: {
    command: [String.raw`\borg\.pytorch\.serve\.ModelServer\b`],
    portFlags: [],
    port: 8080,
    metricsPort: 8082,
  },
  paths: ['/metrics'],
  page: { any: ['ts_inference_', 'ts_queue_'] },
  model: ['model_name', 'ModelName'],
  signals: {
    requests: [
      {
        counter: [{ name: REQUESTS, labels: { status: 'success' } }],
        note: 'requests that came in: those that failed are not told apart',
      },
    ],
    duration: [
      {
        sum: { name: 'ts_inference_latency_microseconds', scale: US },
        count: [{ name: REQUESTS }],
        note: 'sum and count alone',
      },
    ],
    queueTime: [
      {
        sum: { name: 'ts_queue_latency_microseconds', scale: US },
        count: [{ name: REQUESTS }],
        note: 'sum and count alone',
      },
    ],
  },
  notes: ['Needs metrics_mode=prometheus.'],
};
