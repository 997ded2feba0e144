/** /proc/net/sockstat and sockstat6: `TCP: inuse 12 orphan 0 tw 3 alloc 14 mem 369`. */
import type { Paths } from '../board/paths.ts';
import { sockstatSignal } from '../catalog/host/sockstat.ts';
import { type FileSource, type FileSpec, fileSource } from './file-source.ts';
import { pageSize } from './page-size.ts';
import { utf8 } from './reader.ts';

/** Sockets by protocol and what they hold. NoData where neither file is there. */
export function sockstat(paths: Paths): FileSource {
  const page = pageSize();
  /** Pairs of slots: a count of pages, the same in bytes. */
  let pages: number[] = [];
  const file = (path: string): FileSpec => ({
    path,
    optional: true,
    shape({ tokens }, program, draft) {
      const label = tokens[0];
      if (label === undefined) return;
      program.word(label);
      const protocol = utf8(label.replace(/:$/, ''));
      for (let k = 1; k < tokens.length; k += 2) {
        const key = tokens[k] as string;
        program.word(key);
        const signal = sockstatSignal(protocol, key);
        if (signal === undefined) {
          program.skip();
          continue;
        }
        const slot = draft.slot(signal);
        program.number(slot);
        const inBytes = key === 'mem' ? sockstatSignal(protocol, 'mem_bytes') : undefined;
        if (inBytes !== undefined) pages.push(slot, draft.slot(inBytes));
      }
    },
  });
  const source = fileSource({
    name: 'sockstat',
    collectors: ['sockstat'],
    files: [file(`${paths.procfs}/net/sockstat`), file(`${paths.procfs}/net/sockstat6`)],
    after(values) {
      for (let k = 0; k < pages.length; k += 2) {
        values[pages[k + 1] as number] = (values[pages[k] as number] as number) * page;
      }
    },
  });
  return {
    ...source,
    discover(draft) {
      pages = [];
      source.discover(draft);
    },
  };
}
