/** What edgegauge and node_exporter both collect: the command lines that make each collect just that. */
import { COLLECTORS } from '../src/config/collectors.ts';

export interface SameCollectors {
  readonly names: readonly string[];
  readonly edgegauge: readonly string[];
  readonly nodeExporter: readonly string[];
}

/** Asks node_exporter which collectors it has. */
export function sameCollectors(nodeExporter: string): SameCollectors {
  const { stdout, stderr } = Bun.spawnSync([nodeExporter, '--help'], { stderr: 'pipe' });
  const help = `${stdout}${stderr}`;
  const theirs = new Set(
    [...help.matchAll(/--(?:\[no-\])?collector\.(\w+)\s/g)].map((match) => match[1]),
  );
  const both = COLLECTORS.filter((c) => theirs.has(c.name));
  const ours = COLLECTORS.filter((c) => !theirs.has(c.name));
  return {
    names: both.map((c) => c.name),
    edgegauge: [
      '--dialect=node',
      '--no-gpu.enabled',
      ...ours.map((c) => `--no-collector.${c.name}`),
    ],
    nodeExporter: ['--collector.disable-defaults', ...both.map((c) => `--collector.${c.name}`)],
  };
}
