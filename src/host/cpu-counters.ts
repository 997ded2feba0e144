/**
 * Keeps the per-CPU times of /proc/stat from running backwards. The kernel computes idle and iowait
 * from two clocks and may take some of it back at the next read; a counter that falls looks like a
 * reset to whoever reads it. https://docs.kernel.org/filesystems/proc.html (part 1.7)
 */

/** Fields of a `cpuN` line, in its order. Older kernels have fewer, from the end. */
export const CPU_FIELDS = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softirq',
  'steal',
  'guest',
  'guest_nice',
] as const;
const WIDTH = CPU_FIELDS.length;
const IDLE = CPU_FIELDS.indexOf('idle');

/** An idle time that falls by so many seconds belongs to a CPU that was unplugged and came back: a real reset. */
const RESET_SECONDS = 3;

const NOTHING = -1;

export interface CpuRow {
  readonly cpu: string;
  /** Slots of the fields that its line has. */
  readonly slots: readonly number[];
}

export class CpuCounters {
  #rows: readonly CpuRow[] = [];
  #slots = new Int32Array(0);
  #kept = new Float64Array(0);

  /** Takes the CPUs that there are now; those that were there before keep what they had. */
  replace(rows: readonly CpuRow[]): void {
    const slots = new Int32Array(rows.length * WIDTH).fill(NOTHING);
    const kept = new Float64Array(rows.length * WIDTH);
    for (const [at, row] of rows.entries()) {
      slots.set(row.slots, at * WIDTH);
      const before = this.#rows.findIndex((r) => r.cpu === row.cpu);
      if (before < 0) continue;
      kept.set(this.#kept.subarray(before * WIDTH, (before + 1) * WIDTH), at * WIDTH);
    }
    this.#rows = rows;
    this.#slots = slots;
    this.#kept = kept;
  }

  /** Puts the last value back wherever the kernel went back. Seconds; allocates nothing. */
  settle(values: Float64Array): void {
    const slots = this.#slots;
    const kept = this.#kept;
    for (let cpu = 0; cpu < slots.length; cpu += WIDTH) {
      const idle = values[slots[cpu + IDLE] as number] as number;
      if ((kept[cpu + IDLE] as number) - idle >= RESET_SECONDS) kept.fill(0, cpu, cpu + WIDTH);
      for (let i = cpu; i < cpu + WIDTH; i++) {
        const slot = slots[i] as number;
        if (slot === NOTHING) continue;
        const value = values[slot] as number;
        if (value >= (kept[i] as number)) kept[i] = value;
        else if (value < (kept[i] as number)) values[slot] = kept[i] as number;
      }
    }
  }
}
