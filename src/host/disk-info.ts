/** What udev and sysfs know about a block device. Read at discovery only; the values do not change. */
import { readFileSync, realpathSync } from 'node:fs';
import type { Draft } from '../board/layout.ts';
import { DISKSTATS } from '../catalog/host/diskstats.ts';
import { type UdevProperties, udevProperties } from './udev.ts';

export interface Disk {
  readonly device: string;
  readonly major: string;
  readonly minor: string;
}

/** A value that each sample repeats. */
export interface Constant {
  readonly slot: number;
  readonly value: number;
}

const ATA = [
  ['ID_ATA_WRITE_CACHE', DISKSTATS.ataWriteCache],
  ['ID_ATA_WRITE_CACHE_ENABLED', DISKSTATS.ataWriteCacheEnabled],
  ['ID_ATA_ROTATION_RATE_RPM', DISKSTATS.ataRotationRate],
] as const;

/** Declares the info series of a disk and answers what to write into them. */
export function describeDisk(
  draft: Draft,
  disk: Disk,
  sysfs: string,
  udevData: string,
): Constant[] {
  const udev = udevProperties(udevData, disk.major, disk.minor);
  const of = (name: string): string => udev.get(name) ?? '';
  const { device } = disk;
  const slots = [
    draft.slot(DISKSTATS.info, {
      ...disk,
      path: of('ID_PATH'),
      wwn: of('ID_WWN'),
      model: of('ID_MODEL'),
      // SCSI disks have the number on their label in the first, an internal one in the second.
      serial: of('SCSI_IDENT_SERIAL') || of('ID_SERIAL_SHORT'),
      revision: of('ID_REVISION'),
      rotational: rotational(sysfs, device),
    }),
  ];
  if (of('ID_FS_TYPE') !== '') {
    slots.push(
      draft.slot(DISKSTATS.filesystemInfo, {
        device,
        type: of('ID_FS_TYPE'),
        usage: of('ID_FS_USAGE'),
        uuid: of('ID_FS_UUID'),
        version: of('ID_FS_VERSION'),
      }),
    );
  }
  if (of('DM_NAME') !== '') {
    slots.push(
      draft.slot(DISKSTATS.deviceMapperInfo, {
        device,
        name: of('DM_NAME'),
        uuid: of('DM_UUID'),
        vg_name: of('DM_VG_NAME'),
        lv_name: of('DM_LV_NAME'),
        lv_layer: of('DM_LV_LAYER'),
      }),
    );
  }
  return [...slots.map((slot) => ({ slot, value: 1 })), ...ataValues(draft, device, udev)];
}

function ataValues(draft: Draft, device: string, udev: UdevProperties): Constant[] {
  if ((udev.get('ID_ATA') ?? '') === '') return [];
  return ATA.flatMap(([name, signal]) => {
    const text = udev.get(name) ?? '';
    const value = Number(text);
    return text === '' || Number.isNaN(value)
      ? []
      : [{ slot: draft.slot(signal, { device }), value }];
  });
}

/**
 * `1` for a disk that turns, `0` for one that does not and, as node_exporter has it, where the kernel
 * does not say. A partition has no queue of its own: its folder in sysfs lies in that of its disk.
 */
function rotational(sysfs: string, device: string): string {
  const name = device.replaceAll('/', '!');
  let folder = `${sysfs}/block/${name}`;
  try {
    folder = realpathSync(`${sysfs}/class/block/${name}`);
  } catch {}
  return (
    attribute(`${folder}/queue/rotational`) || attribute(`${folder}/../queue/rotational`) || '0'
  );
}

function attribute(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return '';
  }
}
