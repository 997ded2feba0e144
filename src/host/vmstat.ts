/** /proc/vmstat: `pgfault 3168325`, one field to a line. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { VMSTAT_FIELDS, vmstatSignal } from '../catalog/host/vmstat.ts';
import { fileSource } from './file-source.ts';

export interface VmstatOptions {
  /** Regular expression: fields to read. */
  readonly fields?: string;
}

export function vmstat(paths: Paths, options: VmstatOptions = {}): Source {
  const wanted = new RegExp(options.fields ?? VMSTAT_FIELDS);
  return fileSource({
    name: 'vmstat',
    collectors: ['vmstat'],
    files: [
      {
        path: `${paths.procfs}/vmstat`,
        shape({ tokens: [name] }, program, draft) {
          // A field becomes part of a metric's name.
          if (name === undefined || !/^\w+$/.test(name) || !wanted.test(name)) return;
          program.word(name);
          program.number(draft.slot(vmstatSignal(name)));
        },
      },
    ],
  });
}
