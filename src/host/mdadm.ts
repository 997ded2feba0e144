/** /proc/mdstat: the software RAIDs of this machine. md(4). */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { MD_STATES, MDADM } from '../catalog/host/mdadm.ts';
import { FIELDS, namesArray, readArray } from './mdstat.ts';
import { NameTable } from './names.ts';
import { readOrNoData } from './present.ts';
import { contents, KernelFile, wholeLines } from './reader.ts';
import { endOfLine, skipToken } from './walk.ts';

/** State, disks and progress of every array. NoData where the driver is not loaded. */
export function mdadm(paths: Paths): Source {
  const file = new KernelFile(`${paths.procfs}/mdstat`);
  const arrays = new NameTable();
  const row = new Float64Array(FIELDS);
  /** FIELDS slots for each array, in the order of `FIELD`. */
  let slots: number[] = [];
  return {
    name: 'mdadm',
    collectors: ['mdadm'],
    discover(draft) {
      const length = wholeLines(readOrNoData(file));
      const bytes = contents();
      arrays.clear();
      for (let at = 0; at < length; at = endOfLine(bytes, at, length) + 1) {
        if (namesArray(bytes, at, length)) arrays.add(bytes, at, skipToken(bytes, at, length));
      }
      slots = arrays.labels.flatMap((name) => declare(draft, name));
    },
    sample(values): SampleCode {
      const length = wholeLines(file.read());
      const bytes = contents();
      let found = 0;
      for (let at = 0; at < length; ) {
        if (!namesArray(bytes, at, length)) {
          at = endOfLine(bytes, at, length) + 1;
          continue;
        }
        const array = arrays.find(bytes, at, skipToken(bytes, at, length));
        if (array < 0) return SAMPLE.rescan;
        at = readArray(bytes, at, length, row) + 1;
        for (let k = 0; k < FIELDS; k++) {
          values[slots[array * FIELDS + k] as number] = row[k] as number;
        }
        found++;
      }
      return found === arrays.size ? SAMPLE.ok : SAMPLE.rescan;
    },
    close: () => file.close(),
  };
}

function declare(draft: Draft, device: string): number[] {
  return [
    ...MD_STATES.map((state) => draft.slot(MDADM.state, { device, state })),
    draft.slot(MDADM.disks, { device, state: 'active' }),
    draft.slot(MDADM.disks, { device, state: 'failed' }),
    draft.slot(MDADM.disks, { device, state: 'spare' }),
    draft.slot(MDADM.disksRequired, { device }),
    draft.slot(MDADM.blocks, { device }),
    draft.slot(MDADM.blocksSynced, { device }),
  ];
}
