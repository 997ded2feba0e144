/** /proc/meminfo: the memory of a GPU that shares it with the CPU. */
import { readFileSync } from 'node:fs';

/** Bytes. */
export interface Meminfo {
  total: number;
  /** What the kernel thinks that it could give to programs without swapping. */
  available: number;
}

/** Fills `out` from a file such as /proc/meminfo; false, and `out` as it was, where it does not say both. */
export function readMeminfo(file: string, out: Meminfo): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    return false;
  }
  const total = kilobytes(text, 'MemTotal:');
  const available = kilobytes(text, 'MemAvailable:');
  if (Number.isNaN(total) || Number.isNaN(available)) return false;
  out.total = total;
  out.available = available;
  return true;
}

function kilobytes(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + name.length), 10) * 1024;
}
