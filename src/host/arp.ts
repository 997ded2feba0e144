/**
 * /proc/net/arp: a line per IPv4 neighbour, the interface in its last column. Neighbours come and go
 * between any two reads, so the rows are counted, not compiled. arp(7).
 */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { ARP } from '../catalog/host/arp.ts';
import { type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { NameTable } from './names.ts';
import { readOrNoData } from './present.ts';
import { contents, KernelFile, wholeLines } from './reader.ts';
import { scanHex } from './scan.ts';
import { endOfLine, skipColumns, skipToken } from './walk.ts';

export type ArpOptions = DeviceFilterOptions;

/** Address and hardware type stand before the flags; those, hardware address and mask before the interface. */
const BEFORE_FLAGS = 2;
const BEFORE_DEVICE = 3;

/** ATF_PUBL: an address that this machine answers for, not a neighbour. node_exporter does not count it either. */
const PUBLISHED = 8;

/** Instead of the slot of an interface that the options leave out. */
const LEFT_OUT = -1;

/** Neighbours per interface. NoData without the file; an interface without neighbours is absent. */
export function arp(paths: Paths, options: ArpOptions = {}): Source {
  const file = new KernelFile(`${paths.procfs}/net/arp`);
  const wanted = deviceFilter(options);
  const devices = new NameTable();
  let slots: number[] = [];
  let counts = new Float64Array(0);

  const declare = (draft: Draft, device: string): number =>
    wanted(device) ? draft.slot(ARP.entries, { device }) : LEFT_OUT;

  return {
    name: 'arp',
    collectors: ['arp'],
    discover(draft) {
      const length = wholeLines(readOrNoData(file));
      const bytes = contents();
      devices.clear();
      for (let at = endOfLine(bytes, 0, length) + 1; at < length; ) {
        const end = endOfLine(bytes, at, length);
        const name = device(bytes, at, end);
        if (name < end) devices.add(bytes, name, skipToken(bytes, name, end));
        at = end + 1;
      }
      slots = devices.labels.map((name) => declare(draft, name));
      counts = new Float64Array(devices.size);
    },
    sample(values): SampleCode {
      const read = file.read();
      const length = wholeLines(read);
      const bytes = contents();
      // Whose neighbour half a line is, is not known: then no count is.
      counts.fill(read === length ? 0 : Number.NaN);
      for (let at = endOfLine(bytes, 0, length) + 1; at < length; ) {
        const end = endOfLine(bytes, at, length);
        const name = device(bytes, at, end);
        if (name < end) {
          const number = devices.find(bytes, name, skipToken(bytes, name, end));
          if (number < 0) return SAMPLE.rescan;
          counts[number] = (counts[number] as number) + 1;
        }
        at = end + 1;
      }
      for (let k = 0; k < slots.length; k++) {
        const slot = slots[k] as number;
        // An interface without neighbours is not in the file: whether it still exists is not known.
        if (slot !== LEFT_OUT) values[slot] = counts[k] === 0 ? Number.NaN : (counts[k] as number);
      }
      return SAMPLE.ok;
    },
    close: () => file.close(),
  };
}

/** Where the interface's name starts in the line `[at, end)`; `end` where the line is of no neighbour. */
function device(bytes: Uint8Array, at: number, end: number): number {
  const flags = skipColumns(bytes, at, end, BEFORE_FLAGS);
  if ((scanHex(bytes, flags + '0x'.length, end) & PUBLISHED) !== 0) return end;
  return skipColumns(bytes, flags, end, BEFORE_DEVICE);
}
