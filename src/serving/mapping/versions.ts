/** Ranges of an engine's versions, as `>=0.9.2 <0.11`. */

const PART = /^(>=|<=|<|>|=)(\d+(?:\.\d+)*)$/;

/** A range's parts; undefined where it is none. */
export function parseRange(range: string): readonly (readonly [string, string])[] | undefined {
  const parts = range
    .trim()
    .split(/\s+/)
    .map((part) => PART.exec(part));
  return parts.every((part) => part !== null)
    ? parts.map(([, op, version]) => [op as string, version as string] as const)
    : undefined;
}

/** Whether a version is in the range. Where one of them is not known, nothing speaks against it. */
export function includesVersion(range: string | undefined, version: string | undefined): boolean {
  const numbers = /\d+(\.\d+)*/.exec(version ?? '')?.[0];
  if (range === undefined || numbers === undefined) return true;
  return (parseRange(range) ?? []).every(([op, bound]) => {
    const order = compare(numbers, bound);
    if (op === '=') return order === 0;
    if (op.startsWith('>')) return order > 0 || (order === 0 && op === '>=');
    return order < 0 || (order === 0 && op === '<=');
  });
}

function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((v) => v.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
