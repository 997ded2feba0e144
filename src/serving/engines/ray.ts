import type { Engine } from './engine.ts';
import { vllmSignals } from './vllm.ts';

/** Ray's agent passes the engine's families on, `:` as `:` or `_` by its version. */
export const ray: Engine = {
  name: 'ray',
  title: 'Ray Serve LLM (vLLM)',
  process: {
    command: [
      String.raw`\braylet\b.*--metrics-agent-port`,
      String.raw`\bray/dashboard/agent\.py\b`,
    ],
    portFlags: [],
    port: 0,
    metricsPortFlags: ['--metrics-export-port', '--metrics_export_port'],
    // Training runs below the same raylet.
    workers: ['^ray::(ServeReplica|RayWorkerWrapper)', '^(VLLM|vllm)::'],
    mixed: true,
  },
  paths: ['/metrics'],
  page: { any: ['ray_vllm:'] },
  model: ['model_name', 'model'],
  signals: vllmSignals('ray_vllm:'),
  notes: [
    'The page of one node holds the figures of the replicas on that node. Labels of Ray (worker, session, deployment) are dropped and their figures added.',
  ],
};
