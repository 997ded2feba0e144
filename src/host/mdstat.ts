/**
 * One array of /proc/mdstat: the line that names it, and the indented lines below it. What they say
 * depends on the RAID level and on what the array is doing, so there are no columns. md(4).
 *
 *     md6 : active raid1 sdb2[2](F) sdc[1](S) sda2[0]
 *           195310144 blocks [2/1] [U_]
 *           [=>...................]  recovery =  8.5% (16775552/195310144) finish=17.0min speed=259783K/sec
 */
import { scanEnd, scanNumber } from './scan.ts';
import { countWord, endOfLine, indexOfWord, skipBlanks, skipColumns, standsAt } from './walk.ts';

/** What one array says, by index. */
const FIELD = {
  active: 0,
  inactive: 1,
  recovering: 2,
  resync: 3,
  check: 4,
  disksActive: 5,
  disksFailed: 6,
  disksSpare: 7,
  disksRequired: 8,
  blocks: 9,
  blocksSynced: 10,
} as const;
export const FIELDS = Object.keys(FIELD).length;

const NEWLINE = 10;
const SPACE = 32;
const SLASH = 47;
const OPEN = 91;
const PARENTHESIS = 40;

/** Whether the line at `at` names an array. */
export function namesArray(bytes: Uint8Array, at: number, length: number): boolean {
  if (at >= length || bytes[at] === NEWLINE || bytes[at] === SPACE) return false;
  const colon = skipColumns(bytes, at, length, 1);
  return standsAt(bytes, colon, length, ': ') && !standsAt(bytes, at, length, 'Personalities');
}

/** Reads the array named at `at` into `out`, NaN for what is not known, and answers where its last line ended. */
export function readArray(
  bytes: Uint8Array,
  at: number,
  length: number,
  out: Float64Array,
): number {
  out.fill(Number.NaN);
  let end = endOfLine(bytes, at, length);
  const level = state(bytes, at, end, out);
  out[FIELD.disksFailed] = countWord(bytes, at, end, '(F)');
  out[FIELD.disksSpare] = countWord(bytes, at, end, '(S)');
  if (standsAt(bytes, level, end, 'raid0') || standsAt(bytes, level, end, 'linear')) {
    // Without redundancy there is no [n/m]: all that are listed are needed.
    out[FIELD.disksRequired] = countWord(bytes, at, end, '[');
    out[FIELD.disksActive] = out[FIELD.disksRequired] as number;
  }
  for (let line = 0; end + 1 < length && bytes[end + 1] === SPACE; line++) {
    const start = skipBlanks(bytes, end + 1, length);
    end = endOfLine(bytes, end + 1, length);
    if (line === 0) status(bytes, start, end, out);
    else progress(bytes, start, end, out);
  }
  // The kernel's last line is about unused devices: a text that ends with an array was cut, and what is
  // missing may say that the array is being rebuilt.
  if (end + 1 >= length) out.fill(Number.NaN);
  return end;
}

/** `md6 : active (read-only) raid1 …`: sets the states and answers where the level starts. */
function state(bytes: Uint8Array, at: number, end: number, out: Float64Array): number {
  let i = skipColumns(bytes, at, end, 2);
  out.fill(0, FIELD.active, FIELD.check + 1);
  if (standsAt(bytes, i, end, 'active')) out[FIELD.active] = 1;
  if (standsAt(bytes, i, end, 'inactive')) {
    out[FIELD.inactive] = 1;
    // The kernel lists no level and no number of disks; node_exporter says 0 of both.
    out[FIELD.disksActive] = 0;
    out[FIELD.disksRequired] = 0;
  }
  i = skipColumns(bytes, i, end, 1);
  while (i < end && bytes[i] === PARENTHESIS) i = skipColumns(bytes, i, end, 1);
  return i;
}

/** `195310144 blocks super 1.2 [2/1] [U_]`: size, disks needed and disks in use. */
function status(bytes: Uint8Array, at: number, end: number, out: Float64Array): void {
  out[FIELD.blocks] = scanNumber(bytes, at, end);
  out[FIELD.blocksSynced] = out[FIELD.blocks] as number;
  if (out[FIELD.inactive] === 1) return;
  for (let i = at; i < end; i++) {
    if (bytes[i] !== OPEN) continue;
    const required = scanNumber(bytes, i + 1, end);
    const slash = scanEnd();
    if (Number.isNaN(required) || bytes[slash] !== SLASH) continue;
    out[FIELD.disksRequired] = required;
    out[FIELD.disksActive] = scanNumber(bytes, slash + 1, end);
  }
}

/** `[=>…]  recovery =  8.5% (16775552/195310144) finish=17.0min …`, `resync=DELAYED`; other lines say nothing. */
function progress(bytes: Uint8Array, at: number, end: number, out: Float64Array): void {
  const word = bytes[at] === OPEN ? skipColumns(bytes, at, end, 1) : at;
  let doing: number;
  if (standsAt(bytes, word, end, 'recovery')) doing = FIELD.recovering;
  else if (standsAt(bytes, word, end, 'resync')) doing = FIELD.resync;
  else if (standsAt(bytes, word, end, 'check')) doing = FIELD.check;
  else return;
  out.fill(0, FIELD.active, FIELD.check + 1);
  out[doing] = 1;
  const waits =
    indexOfWord(bytes, word, end, 'DELAYED') >= 0 || indexOfWord(bytes, word, end, 'PENDING') >= 0;
  const done = indexOfWord(bytes, word, end, '(');
  out[FIELD.blocksSynced] = waits ? 0 : done < 0 ? Number.NaN : scanNumber(bytes, done + 1, end);
}
