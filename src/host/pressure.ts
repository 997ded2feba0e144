/**
 * /proc/pressure: how long tasks were held up for want of a CPU, IO or memory, or by interrupts.
 *
 *     some avg10=1.31 avg60=1.14 avg300=0.48 total=3754137
 *     full avg10=0.00 avg60=0.00 avg300=0.00 total=0
 *
 * total is microseconds, averages are per cent. Which files and lines there are depends on the kernel;
 * booted with psi=0 it has the files but does not let them be read. https://docs.kernel.org/accounting/psi.html
 */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { PRESSURE, PRESSURE_RATIO } from '../catalog/host/pressure.ts';
import type { Signal } from '../catalog/signal.ts';
import { type FileSpec, fileSource } from './file-source.ts';

const MICROSECONDS = 1e6;

interface Totals {
  readonly some?: Signal;
  readonly full: Signal;
}

/** The totals of each resource; `irq` has no `some`, since interrupts hold up everything at once. */
const TOTALS: Readonly<Record<string, Totals>> = {
  cpu: { some: PRESSURE.cpuSome, full: PRESSURE.cpuFull },
  io: { some: PRESSURE.ioSome, full: PRESSURE.ioFull },
  memory: { some: PRESSURE.memorySome, full: PRESSURE.memoryFull },
  irq: { full: PRESSURE.irqFull },
};

export function pressure(paths: Paths): Source {
  let ratios: number[] = [];
  const file = (resource: string, totals: Totals): FileSpec => ({
    path: `${paths.procfs}/pressure/${resource}`,
    separators: ' =',
    optional: true,
    shape({ tokens }, program, draft) {
      const [kind] = tokens;
      if (kind !== 'some' && kind !== 'full') return;
      const total = totals[kind];
      if (total === undefined) return;
      const labels = { resource, kind };
      program.word(kind);
      for (let i = 1; i + 1 < tokens.length; i += 2) {
        const key = tokens[i] as string;
        program.word(key);
        if (key === 'total') program.number(draft.slot(total, labels), { over: MICROSECONDS });
        else if (key === 'avg10') {
          const slot = draft.slot(PRESSURE_RATIO, labels);
          ratios.push(slot);
          program.number(slot);
        } else program.skip();
      }
    },
  });
  const source = fileSource({
    name: 'pressure',
    collectors: ['pressure'],
    files: Object.entries(TOTALS).map(([resource, totals]) => file(resource, totals)),
    after(values) {
      for (let i = 0; i < ratios.length; i++) {
        const slot = ratios[i] as number;
        // Per cent with two decimals, made a ratio with four: dividing alone would show 0.0007000000000000001.
        values[slot] = Math.round((values[slot] as number) * 100) / 1e4;
      }
    },
  });
  return {
    ...source,
    discover(draft) {
      ratios = [];
      source.discover(draft);
    },
  };
}
