import type { Engine } from './engine.ts';

const P = ':tensorflow:serving:';
const US = 1e-6;

/** Names: tensorflow_serving/servables/tensorflow/util.cc, batching. Times are microseconds. */
export const tfserving: Engine = {
  name: 'tfserving',
  title: 'TensorFlow Serving',
  process: {
    command: ['(^|/)tensorflow_model_server( |$)'],
    portFlags: ['--rest_api_port'],
    port: 8501,
    modelFlags: ['--model_name'],
  },
  paths: ['/monitoring/prometheus/metrics'],
  page: { any: [':tensorflow:'] },
  model: ['model_name'],
  signals: {
    requests: [
      {
        counter: [
          {
            name: `${P}request_count`,
            labels: { status: { from: 'status', map: { ok: 'success' } } },
          },
        ],
      },
    ],
    duration: [{ histogram: `${P}request_latency`, scale: US }],
    queueTime: [{ histogram: `${P}batching_session:queuing_latency`, scale: US }],
    batch: [
      {
        mean: [
          { name: `${P}batching_session:processed_batch_size_sum` },
          { name: `${P}batching_session:processed_batch_size_count` },
        ],
        note: 'mean between two readings, padding included',
      },
    ],
  },
  notes: ['Needs prometheus_config { enable: true } in its --monitoring_config_file.'],
};
