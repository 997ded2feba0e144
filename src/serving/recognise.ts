/** Which engine a page is of. */
import type { Engine } from './engines/engine.ts';
import { Page } from './exposition/page.ts';
import { canonical } from './mapping/collect.ts';

/** Samples that are looked at: an engine's own names are among its first. */
const LOOKED_AT = 5000;

/** The first engine whose names are on the page; undefined where none's are. */
export function recognise(bytes: Uint8Array, engines: readonly Engine[]): Engine | undefined {
  const names = new Map<string, Set<string>>();
  const page = new Page(bytes);
  for (let i = 0; i < LOOKED_AT && page.next(); i++) {
    const name = canonical(page.name);
    const labels = names.get(name) ?? new Set();
    if (labels.size === 0) for (const label in page.labels()) labels.add(label);
    names.set(name, labels);
  }
  return engines.find((engine) => isOf(engine, names));
}

function isOf({ page }: Engine, names: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const begins = (prefixes: readonly string[]) =>
    [...names].filter(([name]) => prefixes.some((p) => name.startsWith(canonical(p))));
  const { any, none = [], label } = page;
  const own = begins(any);
  if (own.length === 0 || begins(none).length > 0) return false;
  return label === undefined || own.some(([, labels]) => labels.has(label));
}
