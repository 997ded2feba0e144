/** uname(2) as one info series. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { UNAME } from '../catalog/host/uname.ts';
import { constantSource } from './constant-source.ts';
import { type Utsname, utsname } from './utsname.ts';

/** `paths` has no say: it is a system call. `read` is replaced by tests. */
export function uname(_paths: Paths, read: () => Utsname = utsname): Source {
  return constantSource({
    name: 'uname',
    collectors: ['uname'],
    look(draft, assign) {
      assign(draft.slot(UNAME.info, { ...read() }), 1);
    },
  });
}
