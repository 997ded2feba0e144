/** What a GPU is sold as, where it does not say so itself: by the lists that distributions ship. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** PCI ids without `0x`, in lower case. */
export interface PciIds {
  readonly device: string;
  readonly revision: string;
}

/** libdrm's list, by device and revision: a device is sold under several names. */
const AMDGPU_IDS = ['usr/share/libdrm/amdgpu.ids', 'opt/amdgpu/share/libdrm/amdgpu.ids'];
const PCI_IDS = ['usr/share/misc/pci.ids', 'usr/share/hwdata/pci.ids'];

/** Undefined where no list below `rootfs` knows it. */
export function marketingName(rootfs: string, ids: PciIds): string | undefined {
  return (
    search(rootfs, AMDGPU_IDS, (text) => ofRevision(text, ids)) ??
    search(rootfs, PCI_IDS, (text) => ofDevice(text, ids))
  );
}

function search(
  rootfs: string,
  files: readonly string[],
  find: (text: string) => string | undefined,
): string | undefined {
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(join(rootfs, file), 'utf8');
    } catch {
      continue;
    }
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lines of `744C,	C8,	AMD Radeon RX 7900 XTX`. */
function ofRevision(text: string, { device, revision }: PciIds): string | undefined {
  const line = new RegExp(`^${device},\\s*${revision},\\s*(.+?)\\s*$`, 'im');
  return line.exec(text)?.[1];
}

/** Below the vendor's line, `	744c  Navi 31 [Radeon RX 7900 XT]`: what is in brackets where there are some. */
function ofDevice(text: string, { device }: PciIds): string | undefined {
  const from = text.search(/^1002 {2}/m);
  if (from < 0) return undefined;
  const length = text.slice(from + 1).search(/^[0-9a-f]{4} {2}/m);
  const vendor = text.slice(from, length < 0 ? undefined : from + 1 + length);
  const name = new RegExp(`^\\t${device} {2}(.+?)\\s*$`, 'im').exec(vendor)?.[1];
  return name === undefined ? undefined : (/\[(.+)\]/.exec(name)?.[1] ?? name);
}
