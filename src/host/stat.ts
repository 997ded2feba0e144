/** /proc/stat: what the CPUs did, and a few counts of the whole machine. https://docs.kernel.org/filesystems/proc.html (part 1.7) */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { CPU } from '../catalog/host/cpu.ts';
import { STAT } from '../catalog/host/stat.ts';
import type { Signal } from '../catalog/signal.ts';
import { CPU_FIELDS, CpuCounters, type CpuRow } from './cpu-counters.ts';
import { CpuUsage } from './cpu-usage.ts';
import { fileSource } from './file-source.ts';

/** USER_HZ: what the kernel counts these times in towards user space, on every architecture that we run on. */
const TICKS_PER_SECOND = 100;

const COUNTS: ReadonlyMap<string, Signal> = new Map([
  ['intr', STAT.interrupts],
  ['ctxt', STAT.contextSwitches],
  ['btime', STAT.bootTime],
  ['processes', STAT.forks],
  ['procs_running', STAT.running],
  ['procs_blocked', STAT.blocked],
]);

export interface StatSource extends Source {
  /** Ends an interval of `cpu_usage_percent`; whoever serves calls it every `poll.cpu_usage_interval`. */
  tick(): void;
}

/** Serves the collectors `cpu` and `stat` from one read. `cpu_usage_percent` is absent until two ticks have passed. */
export function stat(paths: Paths): StatSource {
  const path = `${paths.procfs}/stat`;
  const usage = new CpuUsage(path);
  const counters = new CpuCounters();
  let rows: CpuRow[] = [];
  let usageSlot = 0;
  const source = fileSource({
    name: 'stat',
    collectors: ['cpu', 'stat'],
    files: [
      {
        path,
        shape({ tokens }, program, draft) {
          const [name] = tokens;
          if (name === undefined) return;
          program.word(name);
          const cpu = /^cpu(\d+)$/.exec(name)?.[1];
          if (cpu === undefined) {
            const signal = COUNTS.get(name);
            if (signal !== undefined) program.number(draft.slot(signal));
            return;
          }
          const slots = CPU_FIELDS.slice(0, tokens.length - 1).map((field) =>
            timeSlot(draft, cpu, field),
          );
          for (const slot of slots) program.number(slot, { over: TICKS_PER_SECOND });
          rows.push({ cpu, slots });
        },
      },
    ],
    derive(draft) {
      counters.replace(rows);
      usageSlot = draft.slot(CPU.usage);
    },
    after(values) {
      counters.settle(values);
      values[usageSlot] = usage.percent;
    },
  });
  return {
    ...source,
    discover(draft) {
      rows = [];
      source.discover(draft);
    },
    tick: () => usage.tick(),
    close() {
      source.close();
      usage.close();
    },
  };
}

function timeSlot(draft: Draft, cpu: string, field: (typeof CPU_FIELDS)[number]): number {
  if (field === 'guest') return draft.slot(CPU.guestSeconds, { cpu, mode: 'user' });
  if (field === 'guest_nice') return draft.slot(CPU.guestSeconds, { cpu, mode: 'nice' });
  return draft.slot(CPU.seconds, { cpu, mode: field });
}
