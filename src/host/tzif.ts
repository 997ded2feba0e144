/**
 * Reads a compiled time zone (RFC 9636): which name and offset from UTC held at a moment, and until
 * when. The runtime's own Intl does not know the names that the zone's file has (CET, not GMT+1).
 */
import { ruleZone } from './tz-rule.ts';
import type { Zone } from './zone.ts';

const HEADER = 44;
const MAGIC = 0x545a6966;

interface Counts {
  readonly utc: number;
  readonly standard: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

/** The zone at a moment (Unix seconds). Throws RangeError or Error where `file` is no zone file. */
export function zoneAt(file: Uint8Array, moment: number): Zone {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const first = counts(view, 0);
  // A file of version 1 ends after the block of 32-bit times; later ones repeat it with 64 bits.
  if (view.getUint8(4) === 0) return fromBlock(view, HEADER, first, 4, moment);
  const second = HEADER + blockSize(first, 4);
  const wide = counts(view, second);
  const block = second + HEADER;
  const footer = new TextDecoder().decode(file.subarray(block + blockSize(wide, 8) + 1));
  return fromBlock(view, block, wide, 8, moment, footer.split('\n', 1)[0]);
}

function counts(view: DataView, at: number): Counts {
  if (view.getUint32(at) !== MAGIC) throw new Error('not a time zone file');
  const count = (index: number): number => view.getUint32(at + 20 + index * 4);
  return {
    utc: count(0),
    standard: count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    characters: count(5),
  };
}

const blockSize = (n: Counts, width: number): number =>
  n.times * (width + 1) + n.types * 6 + n.characters + n.leaps * (width + 4) + n.standard + n.utc;

function fromBlock(
  view: DataView,
  start: number,
  n: Counts,
  width: 4 | 8,
  moment: number,
  rule = '',
): Zone {
  const time = (index: number): number => {
    const at = start + index * width;
    return width === 4 ? view.getInt32(at) : view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
  };
  let passed = 0;
  while (passed < n.times && time(passed) <= moment) passed++;
  const since = passed === 0 ? -Infinity : time(passed - 1);
  if (passed === n.times && rule !== '') {
    const zone = ruleZone(rule, moment);
    // The rule takes over where the table ends.
    if (zone !== undefined) return { ...zone, since: Math.max(since, zone.since) };
  }
  const until = passed === n.times ? Infinity : time(passed);
  const indices = start + n.times * width;
  const types = indices + n.times;
  const type = types + (passed === 0 ? 0 : view.getUint8(indices + passed - 1)) * 6;
  let at = types + n.types * 6 + view.getUint8(type + 5);
  let abbreviation = '';
  for (; view.getUint8(at) !== 0; at++) abbreviation += String.fromCharCode(view.getUint8(at));
  return { abbreviation, offset: view.getInt32(type), since, until };
}
