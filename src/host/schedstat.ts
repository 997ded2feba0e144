/**
 * /proc/schedstat: `cpu0 0 0 0 0 0 0 2045936778163039 343796328169361 4767485306`, where the last three
 * are nanoseconds that tasks ran, nanoseconds that they waited, and timeslices; lines of scheduling
 * domains lie between. https://docs.kernel.org/scheduler/sched-stats.html
 */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { SCHEDSTAT } from '../catalog/host/schedstat.ts';
import { fileSource } from './file-source.ts';

const NANOSECONDS = 1e9;
/** Columns between the CPU's name and the ones that are read. */
const PASSED = 6;

export function schedstat(paths: Paths): Source {
  return fileSource({
    name: 'schedstat',
    collectors: ['schedstat'],
    files: [
      {
        path: `${paths.procfs}/schedstat`,
        shape({ tokens }, program, draft) {
          const [name = ''] = tokens;
          const cpu = /^cpu(\d+)$/.exec(name)?.[1];
          if (cpu === undefined) return;
          program.word(name);
          program.skip(PASSED);
          program.number(draft.slot(SCHEDSTAT.running, { cpu }), { over: NANOSECONDS });
          program.number(draft.slot(SCHEDSTAT.waiting, { cpu }), { over: NANOSECONDS });
          program.number(draft.slot(SCHEDSTAT.timeslices, { cpu }));
        },
      },
    ],
  });
}
