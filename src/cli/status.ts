/** What /api/v1/status and `doctor` know. */
import { COMMIT, VERSION } from '../self/version.ts';
import type { Assembly } from './assembly.ts';

export interface Status {
  readonly version: string;
  readonly revision: string;
  readonly uptimeSeconds: number;
  readonly ready: boolean;
  readonly dialects: readonly string[];
  readonly series: number;
  readonly sources: ReturnType<Assembly['registry']['reports']>;
  readonly probes: ReturnType<Assembly['probes'][number]['status']>[];
}

export function status(assembly: Assembly): Status {
  return {
    version: VERSION,
    revision: COMMIT,
    uptimeSeconds: Math.round(performance.now()) / 1000,
    ready: assembly.ready(),
    dialects: assembly.config.dialects,
    series: [...assembly.layout.series()].length,
    sources: assembly.registry.reports(),
    probes: assembly.probes.map((p) => p.status()),
  };
}

/** The same in one line, for `systemctl status`. */
export function summary(assembly: Assembly, addresses: readonly string[]): string {
  const { series, probes } = status(assembly);
  const states = probes.map((p) => `${p.kind} ${p.state}`).join(', ');
  return `${series} series; probes: ${states}; listening on ${addresses.join(', ')}`;
}
