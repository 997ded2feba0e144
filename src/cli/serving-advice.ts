/** Model servers that are there and say nothing, and what to do about each. */
import type { Layout } from '../board/layout.ts';
import { LLM_SERVER } from '../catalog/serving.ts';

/** By engine and what the reason says; the first that fits. */
const ADVICE: readonly (readonly [engine: RegExp, reason: RegExp, advice: string])[] = [
  [/^llamacpp$/, /HTTP 501/, 'Start it with --metrics.'],
  [/^sglang$/, /HTTP 404/, 'Start it with --enable-metrics.'],
  [/^vllm$/, /HTTP 404/, 'Start it without --disable-log-stats.'],
  [/^trtllm$/, /HTTP 404/, 'Set return_perf_metrics: true in its configuration.'],
  [/^tfserving$/, /HTTP 404/, 'Enable prometheus_config in its --monitoring_config_file.'],
  [/^torchserve$/, /HTTP 404/, 'Set metrics_mode=prometheus in its config.properties.'],
  [/./, /HTTP (401|403)/, 'Name it in serving.targets with its password or token.'],
  [/./, /HTTP 503/, 'It is still loading, or unhealthy.'],
  [
    /./,
    /not readable by this user/,
    'Grant the rights of attribution.conf, or name it in serving.targets.',
  ],
  [
    /./,
    /another network namespace|without an address/,
    'It is reached from inside alone: let it listen on an address of its own.',
  ],
  [
    /./,
    /namespace of its own|not on the loopback/,
    'Name it in serving.targets, or set serving.discover_elsewhere.',
  ],
];

/** A sentence for each server that is not asked or did not answer. To be asked after a sample. */
export function servingFindings(layout: Layout): string[] {
  const { values } = layout.board;
  const out: string[] = [];
  for (const { signal, labels, slot } of layout.series()) {
    if (signal.id !== LLM_SERVER.trouble.id || values[slot] !== 1) continue;
    const { engine = 'a server', endpoint, pid, reason = '' } = labels;
    const where = endpoint === undefined ? `pid ${pid}` : `at ${endpoint}`;
    const advice = ADVICE.find(([e, r]) => e.test(engine) && r.test(reason))?.[2];
    out.push(`${engine} ${where}: ${reason}.${advice === undefined ? '' : ` ${advice}`}`);
  }
  return out;
}
