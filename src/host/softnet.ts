/**
 * /proc/net/softnet_stat: a line of hexadecimal columns for each CPU that is online. Kernels have added
 * columns at the end: received_rps (10th), flow_limit_count (11th), backlog and the CPU's index (12th
 * and 13th). The kernel's softnet_seq_show() in net/core/net-procfs.c is the only description.
 */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { SOFTNET } from '../catalog/host/softnet.ts';
import type { Signal } from '../catalog/signal.ts';
import { fileSource } from './file-source.ts';

/** What each column is; the five without a signal are always zero. */
const COLUMNS: readonly (Signal | undefined)[] = [
  SOFTNET.processed,
  SOFTNET.dropped,
  SOFTNET.squeezed,
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  SOFTNET.collisions,
  SOFTNET.receivedRps,
  SOFTNET.flowLimit,
  SOFTNET.backlog,
];
const INDEX = COLUMNS.length;

export function softnet(paths: Paths): Source {
  return fileSource({
    name: 'softnet',
    collectors: ['softnet'],
    files: [
      {
        path: `${paths.procfs}/net/softnet_stat`,
        shape({ tokens, at }, program, draft) {
          const index = tokens[INDEX];
          // Without an index column the line's number is all there is to go by.
          const cpu = String(index === undefined ? at : Number.parseInt(index, 16));
          // Backlog and index came together: a 12th column without a 13th is something else.
          const known = index === undefined ? INDEX - 1 : INDEX;
          for (const signal of COLUMNS.slice(0, Math.min(known, tokens.length))) {
            if (signal === undefined) program.skip();
            else program.hex(draft.slot(signal, { cpu }));
          }
          if (index !== undefined) program.word(index);
        },
      },
    ],
  });
}
