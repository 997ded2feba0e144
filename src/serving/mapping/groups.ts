/** The series that a rule's hits are of: by the model, and the labels that the rule makes. */
import type { Labels } from '../../board/layout.ts';
import type { Engine, LabelRule, Pick, Rule } from '../engines/engine.ts';
import { type Found, type Hit, picksOf } from './collect.ts';

export interface Group {
  readonly labels: Labels;
  readonly hits: Hit[];
}

/**
 * Of each model what the first of the rules has that has anything of it: the models of one server may run on
 * back ends with names of their own. What no model is known of is taken of the very first alone that says anything, for it may
 * be that of all of them.
 */
export function* preferred(
  rules: readonly Found[],
  engine: Engine,
  spare: string | undefined,
): Iterable<readonly [Rule, Group]> {
  const taken = new Set<string | undefined>();
  for (const { rule, hits } of rules) {
    const own = [...groups(hits, rule, engine, spare)].filter(
      (group) => !taken.has(group.labels['model']) && isThere(rule, group),
    );
    for (const group of own) yield [rule, group];
    if (own.some(({ labels }) => labels['model'] === undefined)) return;
    if (own.length > 0) taken.add(undefined);
    for (const { labels } of own) taken.add(labels['model']);
  }
}

/** The hits by the labels that their series will have. */
function groups(
  hits: readonly Hit[],
  rule: Rule,
  engine: Engine,
  spare: string | undefined,
): Iterable<Group> {
  const picks = picksOf(rule);
  const out = new Map<string, Group>();
  for (const hit of hits) {
    const model = modelIn(hit.labels, engine) ?? spare;
    const labels = {
      ...(model === undefined ? {} : { model }),
      ...extraLabels(picks?.[hit.part]?.labels, hit.labels),
    };
    const key = JSON.stringify(labels);
    const group: Group = out.get(key) ?? { labels, hits: [] };
    group.hits.push(hit);
    out.set(key, group);
  }
  return out.values();
}

/** What is only added to a gauge, counts without their sum, half of a product, and a share of nothing say nothing. */
function isThere(rule: Rule, { hits }: Group): boolean {
  const has = (part: number): boolean => hits.some((hit) => hit.part === part);
  if ('product' in rule) return has(0) && has(1);
  if ('ratio' in rule) return has(0) && hits.some((hit) => hit.part === 1 && hit.value > 0);
  return !('gauge' in rule || 'sum' in rule) || has(0);
}

export function modelIn(labels: Labels, { model }: Engine): string | undefined {
  for (const name of model) {
    const said = labels[name];
    if (said !== undefined && said !== '') return said;
  }
  return undefined;
}

function extraLabels(rules: Pick['labels'], labels: Labels): Labels {
  const out: Record<string, string> = {};
  for (const name in rules) {
    const rule = rules[name] as string | LabelRule;
    out[name] = typeof rule === 'string' ? rule : translated(rule, labels);
  }
  return out;
}

function translated({ from, map = {} }: LabelRule, labels: Labels): string {
  const said = (labels[from] ?? '').toLowerCase().replace(/^.*\./, '');
  if (Object.hasOwn(map, said)) return map[said] as string;
  // An empty label is none to Prometheus, and these series always have theirs.
  return said === '' ? 'unknown' : said;
}
