import { type Row, type Signal, signal, signals } from '../signal.ts';

/** Fields of /proc/vmstat that are read by default, as in node_exporter. */
export const VMSTAT_FIELDS = '^(oom_kill|pgpg|pswp|pg.*fault).*';

const field = (name: string, help: string): Row => ({
  type: 'unknown',
  help,
  node: `node_vmstat_${name}`,
});

/** The fields that the default pattern selects on today's kernels. */
export const VMSTAT = signals('vmstat', {
  pgpgin: field('pgpgin', 'Kibibytes read from block devices since boot.'),
  pgpgout: field('pgpgout', 'Kibibytes written to block devices since boot.'),
  pswpin: field('pswpin', 'Pages read from swap since boot.'),
  pswpout: field('pswpout', 'Pages written to swap since boot.'),
  pgfault: field('pgfault', 'Page faults since boot, minor and major.'),
  pgmajfault: field('pgmajfault', 'Page faults that had to read from a device, since boot.'),
  oom_kill: field('oom_kill', 'Processes that the kernel killed for want of memory, since boot.'),
});

/** The signal of any field; which there are depends on the kernel and the configured pattern. */
export function vmstatSignal(name: string): Signal {
  const known = Object.values<Signal>(VMSTAT).find((s) => s.id === `vmstat.${name}`);
  return known ?? signal('vmstat', name, field(name, `Field ${name} of /proc/vmstat.`));
}
