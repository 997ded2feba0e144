/** What the rules of an engine in `serving.engines` may hold: each signal only what is of its own type. */
import * as v from 'valibot';
import { LLM } from '../catalog/serving.ts';
import type { Signal } from '../catalog/signal.ts';
import { fields } from './fields.ts';

type Schema = v.GenericSchema<unknown, unknown>;

const text = v.pipe(v.string(), v.nonEmpty('it is empty'));
const texts = v.array(text);
const where = v.record(v.string(), v.union([v.string(), v.array(v.string())]));
const scale = v.optional(v.number());
const reduce = v.picklist(['sum', 'mean', 'max'], 'it is none of sum, mean and max');

const labelRule = v.union(
  [v.string(), fields({ from: text, map: v.optional(v.record(v.string(), v.string())) })],
  'it is neither a text nor {from: LABEL, map: {TEXT: TEXT}}',
);

const common = {
  versions: v.optional(
    v.pipe(
      text,
      v.regex(
        /^(>=|<=|<|>|=)\d+(\.\d+)*(\s+(>=|<=|<|>|=)\d+(\.\d+)*)*$/,
        'it is no range such as ">=0.9 <0.11"',
      ),
    ),
  ),
  note: v.optional(text),
};

/** Labels of the figures of every engine; the others of a signal are its rules' to fill. */
const OWN = new Set(LLM.queue.labels);

function pickSchema({ labels = [] }: Signal): Schema {
  const extra = labels.filter((label) => !OWN.has(label));
  const entries: Record<string, Schema> = {
    name: text,
    where: v.optional(where),
    label: v.optional(texts),
    scale,
  };
  if (extra.length > 0) {
    const rules: Record<string, Schema> = {};
    for (const label of extra) rules[label] = labelRule;
    entries['labels'] = fields(rules);
  }
  return fields(entries);
}

/** The forms that a rule of a signal may have, by the key that tells them apart. */
function forms(signal: Signal): Readonly<Record<string, Schema>> {
  const pick = pickSchema(signal);
  switch (signal.type) {
    case 'counter':
      return {
        counter: fields({ counter: v.pipe(v.array(pick), v.nonEmpty('it is empty')), ...common }),
      };
    case 'histogram':
      return {
        histogram: fields({ histogram: text, where: v.optional(where), scale, ...common }),
        sum: fields({ sum: pick, count: v.array(pick), ...common }),
      };
    default:
      return {
        gauge: fields({
          gauge: pick,
          plus: v.optional(v.array(pick)),
          reduce,
          each: v.optional(v.boolean()),
          ...common,
        }),
        product: fields({ product: v.tuple([pick, pick]), reduce, ...common }),
        ratio: fields({ ratio: v.tuple([pick, pick]), ...common }),
        mean: fields({ mean: v.tuple([pick, pick]), ...common }),
      };
  }
}

/** Of a rule that is of no form all forms are told, otherwise what is wrong with the one it is of. */
function ruleSchema(signal: Signal): Schema {
  const known = forms(signal);
  const names = Object.keys(known);
  const none = v.custom<unknown>(
    () => false,
    `it has none of ${names.join(', ')}: a ${signal.type} is one of those`,
  );
  return v.lazy((input) => {
    const has = names.find((name) => typeof input === 'object' && input !== null && name in input);
    return has === undefined ? none : (known[has] as Schema);
  });
}

const nameOf = (key: string, { dialects }: Signal): string => dialects.native?.name ?? key;

/** Native name → key of LLM. */
export const SIGNAL_KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries(LLM).map(([key, signal]) => [nameOf(key, signal), key]),
);

/** Rules by the native names of signals. */
export function signalsSchema() {
  const rules = Object.fromEntries(
    Object.entries(LLM).map(([key, signal]) => [
      nameOf(key, signal),
      v.optional(v.array(ruleSchema(signal))),
    ]),
  );
  return fields(rules);
}
