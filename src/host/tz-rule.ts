/**
 * The rule at the end of a time zone file, for the time after its table:
 * `CET-1CEST,M3.5.0,M10.5.0/3`, as POSIX writes the variable TZ with the extensions of RFC 9636.
 */
import type { Zone } from './zone.ts';

const NAME = '([A-Za-z]{3,}|<[+\\-A-Za-z0-9]+>)';
const TIME = '([+-]?\\d{1,3}(?::\\d{2}){0,2})';
const DAY = '([^,/]+)';
const RULE = new RegExp(
  `^${NAME}${TIME}(?:${NAME}${TIME}?(?:,${DAY}(?:/${TIME})?,${DAY}(?:/${TIME})?)?)?$`,
);
const HOUR = 3600;
const DAY_SECONDS = 86_400;

/** The zone that a rule gives at a moment (Unix seconds); undefined where it is no rule that we understand. */
export function ruleZone(rule: string, moment: number): Zone | undefined {
  const match = RULE.exec(rule);
  if (match === null) return undefined;
  const [, name, ahead, dstName, dstAhead, start, startTime, end, endTime] = match;
  const standard = 0 - seconds(ahead as string);
  const bare = (text: string): string => text.replace(/[<>]/g, '');
  const always = { since: -Infinity, until: Infinity };
  if (dstName === undefined)
    return { abbreviation: bare(name as string), offset: standard, ...always };
  if (start === undefined || end === undefined) return undefined;
  const summer = dstAhead === undefined ? standard + HOUR : 0 - seconds(dstAhead);

  const year = new Date(moment * 1000).getUTCFullYear();
  const changes: { readonly at: number; readonly dst: boolean }[] = [];
  for (const y of [year - 1, year, year + 1]) {
    const on = dayOf(start, y);
    const off = dayOf(end, y);
    if (on === undefined || off === undefined) return undefined;
    // Each change is told in the local time that it puts an end to.
    changes.push({ at: on + seconds(startTime ?? '2') - standard, dst: true });
    changes.push({ at: off + seconds(endTime ?? '2') - summer, dst: false });
  }
  changes.sort((a, b) => a.at - b.at);
  const next = changes.findIndex((change) => change.at > moment);
  const last = changes[next - 1];
  const until = changes[next];
  if (last === undefined || until === undefined) return undefined;
  return {
    abbreviation: bare(last.dst ? dstName : (name as string)),
    offset: last.dst ? summer : standard,
    since: last.at,
    until: until.at,
  };
}

/** `3`, `-1:30`, `+167:00:00` in seconds. */
function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const size = hours * HOUR + minutes * 60 + rest;
  return text.startsWith('-') ? 0 - size : size;
}

/** Midnight UTC of the day that `M10.5.0`, `J60` or `59` is in a year, in Unix seconds. */
function dayOf(text: string, year: number): number | undefined {
  const midnight = (month: number, day: number): number => Date.UTC(year, month, day) / 1000;
  const monthly = /^M(\d{1,2})\.([1-5])\.([0-6])$/.exec(text);
  if (monthly !== null) {
    const [month, week, weekday] = monthly.slice(1).map(Number) as [number, number, number];
    const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
    let day = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
    const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
    // Week 5 is the last one, whether it is the fourth or the fifth.
    if (day > days) day -= 7;
    return midnight(month - 1, day);
  }
  const yearly = /^(J?)(\d{1,3})$/.exec(text);
  if (yearly === null) return undefined;
  const number = Number(yearly[2]);
  if (yearly[1] === '') return midnight(0, 1) + number * DAY_SECONDS;
  // J counts from 1 and never counts 29 February.
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return midnight(0, 1) + (number - 1 + (leap && number >= 60 ? 1 : 0)) * DAY_SECONDS;
}
