/** /proc/loadavg: `0.20 0.18 0.12 1/80 11206`. https://docs.kernel.org/filesystems/proc.html */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { LOADAVG } from '../catalog/host/loadavg.ts';
import { fileSource } from './file-source.ts';

export function loadavg(paths: Paths): Source {
  return fileSource({
    name: 'loadavg',
    collectors: ['loadavg'],
    files: [
      {
        path: `${paths.procfs}/loadavg`,
        shape(_line, program, draft) {
          program.number(draft.slot(LOADAVG.load1));
          program.number(draft.slot(LOADAVG.load5));
          program.number(draft.slot(LOADAVG.load15));
        },
      },
    ],
  });
}
