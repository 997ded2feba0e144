/** Takes out of a page what an engine's rules ask for. */
import type { Labels } from '../../board/layout.ts';
import type { Engine, Mapped, Pick, Rule } from '../engines/engine.ts';
import type { Page } from '../exposition/page.ts';
import { includesVersion } from './versions.ts';

/** One number that a rule asks for. */
export interface Hit {
  /** Which of the rule's picks it is; of a histogram BUCKET, SUM or COUNT. */
  readonly part: number;
  readonly value: number;
  readonly labels: Labels;
}

export const BUCKET = 0;
export const SUM = 1;
export const COUNT = 2;

export interface Found {
  readonly rule: Rule;
  readonly hits: readonly Hit[];
}

export interface Collected {
  /** By signal: its rules that the page has anything of, the preferred first, and what it has of each. */
  readonly found: ReadonlyMap<Mapped, readonly Found[]>;
  /** Why some of the page was not taken. */
  readonly limits: ReadonlySet<Limit>;
}

/** `series`: more than MOST_HITS; `label`: the labels of a sample that is asked for are too long. */
export type Limit = 'series' | 'label';

/** Samples of one page; a server with fifty models has a tenth of it. */
const MOST_HITS = 50_000;
/** Characters: of one label, of all labels of a sample. */
const LONGEST_LABEL = 1024;
const LONGEST_LABELS = 4096;

interface Use {
  readonly signal: Mapped;
  /** Place among the rules of the signal. */
  readonly rank: number;
  readonly rule: Rule;
  readonly part: number;
  readonly pick: Pick | undefined;
}

/** Servers and those who pass their pages on write `:` or `_`. */
export const canonical = (name: string): string => name.replaceAll(':', '_');

/** The rules of an engine by the names of samples. */
export class Collector {
  readonly #uses = new Map<string, Use[]>();

  /** `version` of the engine, where it is known. */
  constructor(engine: Engine, version?: string) {
    for (const [signal, rules] of Object.entries(engine.signals) as [Mapped, readonly Rule[]][]) {
      for (const [rank, rule] of rules.entries()) {
        if (!includesVersion(rule.versions, version)) continue;
        for (const [name, part, pick] of namesOf(rule)) {
          const key = canonical(name);
          const uses = this.#uses.get(key) ?? [];
          uses.push({ signal, rank, rule, part, pick });
          this.#uses.set(key, uses);
        }
      }
    }
  }

  /** Reads the page to its end. */
  collect(page: Page): Collected {
    const ranks = new Map<Mapped, Ranked[]>();
    const limits = new Set<Limit>();
    let hits = 0;
    while (page.next()) {
      const uses = this.#uses.get(canonical(page.name));
      if (uses === undefined) continue;
      const labels = page.labels();
      if (labels === undefined) page.malformed++;
      else if (isTooLong(labels)) limits.add('label');
      else if (hits >= MOST_HITS) limits.add('series');
      else for (const use of uses) if (add(ranks, use, labels, page.value)) hits++;
    }
    for (const rules of ranks.values()) rules.sort((a, b) => a.rank - b.rank);
    return { found: ranks, limits };
  }
}

interface Ranked extends Found {
  readonly rank: number;
  readonly hits: Hit[];
}

function add(
  found: Map<Mapped, Ranked[]>,
  { signal, rank, rule, part, pick }: Use,
  labels: Labels,
  said: number,
): boolean {
  const value = numberOf(pick, labels, said);
  if (Number.isNaN(value) || !hasLabels(whereOf(rule, pick), labels)) return false;
  const rules = found.get(signal) ?? [];
  found.set(signal, rules);
  const hit = { part, value, labels };
  const own = rules.find((r) => r.rank === rank);
  if (own === undefined) rules.push({ rank, rule, hits: [hit] });
  else own.hits.push(hit);
  return true;
}

/** NaN where there is no number: it stands in labels that say something else, or the page says NaN. */
function numberOf(pick: Pick | undefined, labels: Labels, said: number): number {
  if (pick === undefined) return said;
  const { label, scale = 1 } = pick;
  if (label === undefined) return scaled(said, scale);
  return label.reduce((product, name) => product * numberIn(labels[name]), scale);
}

/** Without the noise behind the digits that a double has. */
export const scaled = (value: number, scale: number): number =>
  scale === 1 ? value : Number((value * scale).toPrecision(15));

const numberIn = (text: string | undefined): number =>
  text === undefined || text.trim() === '' ? Number.NaN : Number(text);

const whereOf = (rule: Rule, pick: Pick | undefined): Pick['where'] =>
  'histogram' in rule ? rule.where : pick?.where;

function hasLabels(where: Pick['where'], labels: Labels): boolean {
  for (const name in where) {
    const wanted = where[name] as string | readonly string[];
    const has = labels[name] ?? '';
    if (typeof wanted === 'string' ? has !== wanted : !wanted.includes(has)) return false;
  }
  return true;
}

function isTooLong(labels: Labels): boolean {
  let all = 0;
  for (const name in labels) {
    const { length } = labels[name] as string;
    if (length > LONGEST_LABEL) return true;
    all += name.length + length;
  }
  return all > LONGEST_LABELS;
}

/** The samples that a rule reads: name, part, pick. */
function namesOf(rule: Rule): [string, number, Pick | undefined][] {
  const picks = picksOf(rule);
  if (picks !== undefined) return picks.map((pick, part) => [pick.name, part, pick]);
  const { histogram } = rule as { histogram: string };
  return [
    [`${histogram}_bucket`, BUCKET, undefined],
    [`${histogram}_sum`, SUM, undefined],
    [`${histogram}_count`, COUNT, undefined],
  ];
}

/** In the order of their parts; of a histogram none. */
export function picksOf(rule: Rule): readonly Pick[] | undefined {
  if ('counter' in rule) return rule.counter;
  if ('gauge' in rule) return [rule.gauge, ...(rule.plus ?? [])];
  if ('product' in rule) return rule.product;
  if ('ratio' in rule) return rule.ratio;
  if ('mean' in rule) return rule.mean;
  if ('sum' in rule) return [rule.sum, ...rule.count];
  return undefined;
}
