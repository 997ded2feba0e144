/** /proc/cpuinfo, one block of `key : value` lines per CPU that is online. */
import { readAll } from './sysfs.ts';

/** A CPU's fields by their names. */
export type CpuFields = ReadonlyMap<string, string>;

/** CPU number → its fields; empty where there is no such file. */
export function cpuinfo(procfs: string): Map<number, CpuFields> {
  const out = new Map<number, CpuFields>();
  for (const block of (readAll(`${procfs}/cpuinfo`) ?? '').split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    }
    const number = fields.get('processor');
    if (number !== undefined && /^\d+$/.test(number)) out.set(Number(number), fields);
  }
  return out;
}

/** Mean of `cpu MHz` over the CPUs that say it; NaN where none does (ARM). */
export function meanMegahertz(cpus: ReadonlyMap<number, CpuFields>): number {
  let sum = 0;
  let count = 0;
  for (const fields of cpus.values()) {
    const value = Number(fields.get('cpu MHz') ?? Number.NaN);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
