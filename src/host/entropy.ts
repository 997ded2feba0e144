/** /proc/sys/kernel/random: bits in the pool and bits that it holds. See random(4). */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { ENTROPY } from '../catalog/host/entropy.ts';
import type { Signal } from '../catalog/signal.ts';
import { type FileSpec, fileSource } from './file-source.ts';

export function entropy(paths: Paths): Source {
  const file = (name: string, signal: Signal): FileSpec => ({
    path: `${paths.procfs}/sys/kernel/random/${name}`,
    optional: true,
    shape(_line, program, draft) {
      program.number(draft.slot(signal));
    },
  });
  return fileSource({
    name: 'entropy',
    collectors: ['entropy'],
    files: [file('entropy_avail', ENTROPY.available), file('poolsize', ENTROPY.poolSize)],
  });
}
