/** The cards of a machine, by the DRM devices that amdgpu made. Touches no card: links and names alone. */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { list } from './attribute.ts';
import type { Card } from './backend.ts';

const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/**
 * In the order of their addresses, as AMD's tools count them. The DRM devices of an MI300's partitions lie
 * below a platform device and have no sensors: they are not cards.
 */
export function findCards(sysfs: string): Card[] {
  const cards: Card[] = [];
  for (const name of list(`${sysfs}/class/drm`)) {
    const minor = /^card(\d+)$/.exec(name)?.[1];
    const directory = minor === undefined ? '' : real(`${sysfs}/class/drm/${name}/device`);
    const address = basename(directory);
    if (!ADDRESS.test(address) || driverOf(directory) !== 'amdgpu') continue;
    const chip = list(`${directory}/hwmon`).find((each) => /^hwmon\d+$/.test(each));
    const hwmon = chip === undefined ? undefined : `${directory}/hwmon/${chip}`;
    cards.push({ address, directory, hwmon, minor: Number(minor) });
  }
  return cards.sort((a, b) => (a.address < b.address ? -1 : 1));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
}

function driverOf(directory: string): string {
  try {
    return basename(readlinkSync(`${directory}/driver`));
  } catch {
    return '';
  }
}
