/**
 * Connection tracking of netfilter: /proc/sys/net/netfilter/nf_conntrack_{count,max}, and
 * /proc/net/stat/nf_conntrack, a table with a header and a line of hexadecimal columns per CPU.
 * https://docs.kernel.org/networking/nf_conntrack-sysctl.html
 */

import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { CONNTRACK, CONNTRACK_STAT } from '../catalog/host/conntrack.ts';
import type { Signal } from '../catalog/signal.ts';
import { type FileSource, type FileSpec, fileSource } from './file-source.ts';
import { readIfThere } from './present.ts';
import { contents, KernelFile, latin1, wholeLines } from './reader.ts';
import { scanHex } from './scan.ts';
import { endOfLine, skipBlanks, skipToken } from './walk.ts';

/** Instead of the slot of a column that is not exported. */
const LEFT_OUT = -1;

/** Connections that are tracked and what became of packets. NoData where netfilter does not track. */
export function conntrack(paths: Paths): FileSource {
  const stat = new KernelFile(`${paths.procfs}/net/stat/nf_conntrack`);
  /** By column; empty where the kernel was built without the table. */
  let slots: number[] = [];
  const number = (name: string, signal: Signal): FileSpec => ({
    path: `${paths.procfs}/sys/net/netfilter/${name}`,
    shape(_line, program, draft) {
      program.number(draft.slot(signal));
    },
  });
  const source = fileSource({
    name: 'conntrack',
    collectors: ['conntrack'],
    files: [
      number('nf_conntrack_count', CONNTRACK.entries),
      number('nf_conntrack_max', CONNTRACK.limit),
    ],
    after(values) {
      if (slots.length > 0) sum(stat, slots, values);
    },
  });
  return {
    ...source,
    discover(draft) {
      source.discover(draft);
      slots = columns(stat, draft);
    },
    close() {
      source.close();
      stat.close();
    },
  };
}

/** Kernels have renamed and added columns: the header says where those that are exported stand. */
function columns(stat: KernelFile, draft: Draft): number[] {
  const read = readIfThere(stat);
  if (read === undefined) return [];
  const length = wholeLines(read);
  const header = latin1(endOfLine(contents(), 0, length)).trim();
  return header.split(/\s+/).map((name) => {
    const signal = Object.entries(CONNTRACK_STAT).find(([column]) => column === name)?.[1];
    return signal === undefined ? LEFT_OUT : draft.slot(signal);
  });
}

/** A CPU's line that ends early makes the columns that it lacks unknown; one of which there is only half, all. */
function sum(stat: KernelFile, slots: readonly number[], values: Float64Array): void {
  const length = stat.read();
  const bytes = contents();
  let at = endOfLine(bytes, 0, length) + 1;
  const none = at >= length || wholeLines(length) !== length ? Number.NaN : 0;
  for (let k = 0; k < slots.length; k++) {
    if (slots[k] !== LEFT_OUT) values[slots[k] as number] = none;
  }
  while (at < length) {
    const end = endOfLine(bytes, at, length);
    let i = at;
    for (let k = 0; k < slots.length; k++) {
      i = skipBlanks(bytes, i, end);
      const slot = slots[k] as number;
      if (slot !== LEFT_OUT) values[slot] = (values[slot] as number) + scanHex(bytes, i, end);
      i = skipToken(bytes, i, end);
    }
    at = end + 1;
  }
}
