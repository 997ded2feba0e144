/** `edgegauge doctor`: what was found, what is missing, why, and what to do. */
import { hostname, release } from 'node:os';
import type { SourceReport } from '../board/registry.ts';
import { advice } from './advice.ts';
import { gpuFindings, gpusFound, withDiagnosis } from './gpu-advice.ts';
import type { Invocation } from './invocation.ts';
import { firstSample, oneShot } from './once.ts';
import { explainRights, type Rights, readRights } from './rights.ts';
import { servingFindings } from './serving-advice.ts';
import { type Status, status } from './status.ts';

export interface Finding {
  readonly source: string;
  readonly collectors: readonly string[];
  readonly status: SourceReport['status'];
  /** Why it is missing or failed. */
  readonly reason: string | undefined;
  readonly advice: string | undefined;
}

export interface Diagnosis {
  readonly machine: { readonly hostname: string; readonly kernel: string; readonly arch: string };
  readonly user: number | undefined;
  /** Undefined where it was not tried. */
  readonly rights: Rights | undefined;
  readonly series: number;
  readonly findings: readonly Finding[];
  readonly probes: Status['probes'];
  /** GPUs that are read. */
  readonly gpusFound: readonly string[];
  /** What is wrong with them. */
  readonly gpus: readonly string[];
  /** Model servers that are there and say nothing. */
  readonly servers: readonly string[];
}

export async function doctor(invocation: Invocation): Promise<void> {
  const assembly = await oneShot(invocation, withDiagnosis);
  await firstSample(assembly);
  // A scrape brings the probe's series to the board, as a user's would.
  assembly.metrics({
    accept: undefined,
    acceptEncoding: undefined,
    dialects: [],
    collect: [],
    exclude: [],
  });
  const { layout } = assembly;
  const found = diagnose(status(assembly), {
    gpusFound: gpusFound(layout),
    gpus: gpuFindings(layout),
    servers: servingFindings(layout),
    rights: readRights(assembly.config.path.procfs, process.getuid?.() ?? 0),
  });
  const json = invocation.options['json'] === true;
  await Bun.write(Bun.stdout, json ? `${JSON.stringify(found, null, 2)}\n` : report(found));
  await assembly.close();
  process.exit(found.findings.some((f) => f.status === 'failed') ? 1 : 0);
}

type Observed = Pick<Diagnosis, 'gpusFound' | 'gpus' | 'servers' | 'rights'>;

/** What was looked at besides the sources comes second. */
export function diagnose(
  now: Status,
  { gpusFound = [], gpus = [], servers = [], rights }: Partial<Observed> = {},
): Diagnosis {
  const reports = [...now.sources, ...now.probes.flatMap((p) => p.sources)];
  return {
    machine: { hostname: hostname(), kernel: release(), arch: process.arch },
    user: process.getuid?.(),
    rights,
    series: now.series,
    findings: reports.map((r) => ({
      source: r.name,
      collectors: r.collectors,
      status: r.status,
      reason: r.error,
      advice: advice(r),
    })),
    probes: now.probes,
    gpusFound,
    gpus,
    servers,
  };
}

const TITLES: Readonly<Record<Finding['status'], string>> = {
  new: 'Not sampled yet',
  ok: 'Found',
  absent: 'Not on this machine',
  failed: 'Failed',
};

export function report(found: Diagnosis): string {
  const { machine, user, rights, series, findings, probes, servers } = found;
  const lines = [
    `${machine.hostname}: Linux ${machine.kernel}, ${machine.arch}, run as uid ${user ?? '?'}; ${series} series`,
  ];
  for (const status of ['failed', 'absent', 'new', 'ok'] as const) {
    const some = findings.filter((f) => f.status === status);
    if (some.length === 0) continue;
    lines.push('', `${TITLES[status]}:`);
    if (status === 'ok') lines.push(`  ${some.map((f) => f.source).join(', ')}`);
    else for (const f of some) lines.push(...explained(f));
  }
  const gpus = [...found.gpusFound, ...found.gpus];
  if (gpus.length > 0) lines.push('', 'GPUs:', ...gpus.map((text) => `  ${text}`));
  if (servers.length > 0) lines.push('', 'Model servers:', ...servers.map((text) => `  ${text}`));
  if (rights !== undefined) {
    lines.push('', 'Rights:', ...explainRights(rights).map((line) => `  ${line}`));
  }
  lines.push('', 'Probes:');
  for (const p of probes) {
    const state = p.since === undefined ? 'not needed' : p.state;
    lines.push(`  ${p.kind}: ${state}${p.lastError === undefined ? '' : `; ${p.lastError}`}`);
    for (const s of p.skipped) lines.push(`    left out, it hung a probe: ${s.device}`);
    for (const s of p.stuck) {
      lines.push(
        `    pid ${s.pid} hangs for ${Math.round(s.seconds)} s at ${s.device ?? 'a device'}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function explained(f: Finding): string[] {
  const lines = [`  ${f.source}: ${f.reason ?? 'no reason is known'}`];
  if (f.advice !== undefined) lines.push(`    ${f.advice}`);
  return lines;
}
