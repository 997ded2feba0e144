/** Durations as Prometheus writes them: `500ms`, `10s`, `1m30s`, `1h`. */

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** Milliseconds; undefined where the text is no duration. Units go from large to small, each at most once. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === '') return undefined;
  const names = ['d', 'h', 'm', 's', 'ms'];
  let total = 0;
  for (const [i, name] of names.entries()) {
    total += Number(match[i + 1] ?? 0) * (UNITS[name] as number);
  }
  return total;
}

/** The shortest such text for a number of milliseconds. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of Object.entries(UNITS)) {
    const n = Math.floor(rest / size);
    if (n > 0) text += `${n}${unit}`;
    rest -= n * size;
  }
  return text === '' ? '0' : text;
}
