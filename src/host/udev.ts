/** What udev knows about a block device: /run/udev/data/b<major>:<minor>, lines `E:NAME=value`. udevadm(8). */
import { readFileSync } from 'node:fs';

export type UdevProperties = ReadonlyMap<string, string>;

/** The properties of one device; empty where udev has not seen it or does not run. For discovery only. */
export function udevProperties(folder: string, major: string, minor: string): UdevProperties {
  let text: string;
  try {
    text = readFileSync(`${folder}/b${major}:${minor}`, 'utf8');
  } catch {
    return new Map();
  }
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('E:') && equals > 'E:'.length) {
      properties.set(line.slice(2, equals), line.slice(equals + 1));
    }
  }
  return properties;
}
