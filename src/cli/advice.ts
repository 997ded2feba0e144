/** What to do about a source that has nothing to say. */
import type { SourceReport } from '../board/registry.ts';
import { gpuAdvice } from './gpu-advice.ts';

const BY_SOURCE: Readonly<Record<string, string>> = {
  pressure: 'The kernel keeps pressure figures when it is booted with psi=1.',
  conntrack: 'Load the module nf_conntrack if this machine should track connections.',
  textfile: 'Name a directory with --collector.textfile.directory to publish *.prom files.',
  edac: 'Load the EDAC driver of the memory controller (on x86 servers: skx_edac, i10nm_edac, amd64_edac).',
  hwmon:
    "Virtual machines have no sensors; elsewhere load coretemp, k10temp or the board's driver.",
  spbm: 'Only a DGX Spark has these rails, with the kernel module spark_hwmon (DKMS).',
  infiniband: "RDMA adapters appear when mlx5_ib (or the adapter's own driver) is loaded.",
  cpufreq: 'Virtual machines do not scale; elsewhere the kernel needs a cpufreq driver.',
  rapl: 'Load intel_rapl_common; the counters are readable by root only.',
};

/** A sentence for the reader of `doctor`; undefined where there is nothing to do or nothing wrong. */
export function advice(report: SourceReport): string | undefined {
  if (report.status === 'ok' || report.status === 'new') return undefined;
  const gpu = gpuAdvice(report);
  if (gpu !== undefined) return gpu;
  const reason = report.error ?? '';
  if (/EACCES|EPERM|permission/i.test(reason)) {
    return 'The user that runs edgegauge may not read it: run it as root, or give it CAP_DAC_READ_SEARCH (attribution.conf).';
  }
  if (report.status === 'failed') {
    return `Please report this if the kernel's own tools can read it; --no-collector.${report.collectors[0]} switches it off.`;
  }
  return BY_SOURCE[report.name];
}
