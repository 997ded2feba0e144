/** /proc/sys/fs/file-nr: `592	0	2466183`, open files, a column that is always 0, and the limit. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { FILEFD } from '../catalog/host/filefd.ts';
import { fileSource } from './file-source.ts';

export function filefd(paths: Paths): Source {
  return fileSource({
    name: 'filefd',
    collectors: ['filefd'],
    files: [
      {
        path: `${paths.procfs}/sys/fs/file-nr`,
        shape(_line, program, draft) {
          program.number(draft.slot(FILEFD.allocated));
          program.skip();
          program.number(draft.slot(FILEFD.maximum));
        },
      },
    ],
  });
}
