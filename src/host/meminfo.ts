/** /proc/meminfo: `MemTotal:       24684096 kB`. https://docs.kernel.org/filesystems/proc.html#meminfo */
import type { Paths } from '../board/paths.ts';
import { MEMORY, meminfoSignal } from '../catalog/host/meminfo.ts';
import { type FileSource, fileSource } from './file-source.ts';
import { utf8 } from './reader.ts';

/** A slot computed from two others: what there is minus what is left of it. */
interface Difference {
  readonly slot: number;
  readonly total: number;
  readonly rest: number;
}

/** Memory and swap, every field that the kernel has. NoData without the file. */
export function meminfo(paths: Paths): FileSource {
  const fields = new Map<string, number>();
  let differences: Difference[] = [];
  const source = fileSource({
    name: 'meminfo',
    collectors: ['meminfo'],
    files: [
      {
        path: `${paths.procfs}/meminfo`,
        shape({ tokens }, program, draft) {
          const label = tokens[0];
          if (label === undefined) return;
          program.word(label);
          if (!label.endsWith(':')) return;
          const field = utf8(label.slice(0, -1));
          const kilobytes = tokens[2] === 'kB';
          const slot = draft.slot(meminfoSignal(field, kilobytes));
          fields.set(field, slot);
          program.number(slot, { times: kilobytes ? 1024 : 1 });
        },
      },
    ],
    derive(draft) {
      const difference = (total: string, rest: string, signal: (typeof MEMORY)['used']): void => {
        const totalSlot = fields.get(total);
        const restSlot = fields.get(rest);
        if (totalSlot === undefined || restSlot === undefined) return;
        differences.push({ slot: draft.slot(signal), total: totalSlot, rest: restSlot });
      };
      difference('MemTotal', 'MemAvailable', MEMORY.used);
      difference('SwapTotal', 'SwapFree', MEMORY.swapUsed);
    },
    after(values) {
      for (let k = 0; k < differences.length; k++) {
        const { slot, total, rest } = differences[k] as Difference;
        const used = (values[total] as number) - (values[rest] as number);
        // Containers that fake this file can have more left than there is.
        values[slot] = used >= 0 ? used : Number.NaN;
      }
    },
  });
  return {
    ...source,
    discover(draft) {
      fields.clear();
      differences = [];
      source.discover(draft);
    },
  };
}
