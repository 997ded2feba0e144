/** Damerau-free edit distance, enough to guess what a mistyped word was meant to be. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + same,
        ),
      );
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The candidate that a mistyped word most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

/** What a word that is not known was meant to be, or what there is; `known` begins the list of that. */
export function hint(word: string, candidates: Iterable<string>, known = 'known'): string {
  const meant = nearest(word, candidates);
  return meant === undefined
    ? `${known}: ${[...candidates].join(', ')}`
    : `did you mean "${meant}"?`;
}

/** Why a key is none; `path`: what it stands below, empty at the top. */
export function unknownKey(name: string, path: string, known: readonly string[]): string {
  const where = path === '' ? 'at the top' : `below ${path}`;
  return `unknown key "${name}" ${where}; ${hint(name, known, `known ${where}`)}`;
}
