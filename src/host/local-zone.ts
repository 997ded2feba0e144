/** The time zone that this process lives in, found as the C library finds it: TZ, then /etc/localtime. */
import { readFileSync } from 'node:fs';
import { zoneAt } from './tzif.ts';
import { UTC, type Zone } from './zone.ts';

const LOCALTIME = '/etc/localtime';
const ZONEINFO = [
  '/usr/share/zoneinfo',
  '/usr/lib/zoneinfo',
  '/usr/share/lib/zoneinfo',
  '/etc/zoneinfo',
];

/** The zone at a moment (Unix seconds). `tz` is the variable TZ; a zone that cannot be found is UTC, as everywhere. */
export function localZone(moment: number, tz: string | undefined = process.env['TZ']): Zone {
  for (const path of candidates(tz)) {
    try {
      return zoneAt(readFileSync(path), moment);
    } catch {
      // Not there, or not a zone file: the next place.
    }
  }
  return UTC;
}

function candidates(tz: string | undefined): readonly string[] {
  if (tz === undefined) return [LOCALTIME];
  const name = tz.replace(/^:/, '');
  if (name === '') return [];
  return name.startsWith('/') ? [name] : ZONEINFO.map((dir) => `${dir}/${name}`);
}
