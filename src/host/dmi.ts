/** /sys/class/dmi/id: what the firmware says of the machine. Serial numbers are for root alone to read. */
import { readFileSync } from 'node:fs';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { DMI, DMI_LABELS } from '../catalog/host/dmi.ts';
import { constantSource } from './constant-source.ts';
import { utf8 } from './reader.ts';

export type DmiLabel = (typeof DMI_LABELS)[number];

/** The one attribute that the label does not take its name from. */
const FILES: Partial<Record<DmiLabel, string>> = { system_vendor: 'sys_vendor' };

/** The attributes that are there and may be read. */
export function dmiId(sysfs: string): Partial<Record<DmiLabel, string>> {
  const out: Partial<Record<DmiLabel, string>> = {};
  for (const label of DMI_LABELS) {
    try {
      const text = readFileSync(`${sysfs}/class/dmi/id/${FILES[label] ?? label}`, 'latin1');
      out[label] = utf8(text.trim());
    } catch {
      // Not given by this firmware, or not for us to read: no label.
    }
  }
  return out;
}

export function dmi(paths: Paths): Source {
  return constantSource({
    name: 'dmi',
    collectors: ['dmi'],
    look(draft, assign) {
      const labels = dmiId(paths.sysfs);
      if (Object.keys(labels).length === 0) {
        throw new NoData(`${paths.sysfs}/class/dmi/id: nothing to read`);
      }
      assign(draft.slot(DMI.info, labels), 1);
    },
  });
}
