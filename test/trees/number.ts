/** 32-bit FNV-1a with a final mix, so that words that differ in one letter give unrelated numbers. */
function hash(words: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    sum = Math.imul(sum ^ words.charCodeAt(i), 0x01000193);
  }
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}

/**
 * A whole number in [low, high), always the same for the same words and practically never the same
 * for others: a reader that takes a neighbouring column gets a number that is visibly wrong.
 */
export function pick(words: string, low: number, high: number): number {
  const fraction = (hash(words) * 2 ** 21 + (hash(`${words}+`) >>> 11)) / 2 ** 53;
  return Math.floor(low + fraction * (high - low));
}

/** `count` picks for the same words. */
export function picks(words: string, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, (_, i) => pick(`${words} ${i}`, low, high));
}

/** [0, 1, … count - 1] */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A CPU list as the kernel writes it: `0-3,8,10-11`. Expects ascending numbers. */
export function cpuList(cpus: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < cpus.length; ) {
    let end = i;
    while (cpus[end + 1] === (cpus[end] ?? 0) + 1) end++;
    parts.push(end === i ? `${cpus[i]}` : `${cpus[i]}-${cpus[end]}`);
    i = end + 1;
  }
  return parts.join(',');
}

/** A number as `digits` hexadecimal digits. */
export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
