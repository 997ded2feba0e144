/** What a block of `serving.targets` and of `serving.engines` may hold. */
import * as v from 'valibot';
import { LLM } from '../catalog/serving.ts';
import type { Block } from './block.ts';

const text = v.pipe(v.string(), v.nonEmpty('it is empty'));
const texts = v.array(text);
const record = v.record(v.string(), v.string());

const url = v.pipe(
  text,
  v.check((s) => /^https?:\/\/[^/?#@]+/.test(s) && URL.canParse(s), 'it is no http or https URL'),
);

const file = v.pipe(text, v.startsWith('/', 'it is no absolute path'));

export const targetSchema = (): v.GenericSchema<unknown, Block> =>
  v.pipe(
    v.strictObject({
      engine: v.optional(text),
      url,
      headers: v.optional(record),
      basic_auth: v.optional(
        v.strictObject({
          username: text,
          password: v.optional(v.string()),
          password_file: v.optional(file),
        }),
      ),
      bearer_token_file: v.optional(file),
      tls: v.optional(
        v.strictObject({
          ca_file: v.optional(file),
          cert_file: v.optional(file),
          key_file: v.optional(file),
          server_name: v.optional(text),
          insecure_skip_verify: v.optional(v.boolean()),
        }),
      ),
      model: v.optional(text),
    }),
    v.check(
      ({ engine, url: u }) => engine !== undefined || !/^https?:\/\/[^/]+\/?$/.test(u),
      'it needs an engine, or a path in its url: without either nobody knows what may be asked',
    ),
    v.check(
      ({ basic_auth: basic, bearer_token_file: bearer }) =>
        basic === undefined || bearer === undefined,
      'it has basic_auth and bearer_token_file: one of them',
    ),
  );

const where = v.record(v.string(), v.union([v.string(), v.array(v.string())]));
const pick = v.strictObject({
  name: text,
  where: v.optional(where),
  label: v.optional(texts),
  scale: v.optional(v.number()),
  labels: v.optional(
    v.record(
      v.string(),
      v.union([v.string(), v.strictObject({ from: text, map: v.optional(record) })]),
    ),
  ),
});

const common = {
  versions: v.optional(
    v.pipe(
      text,
      v.regex(/^((>=|<=|<|>|=)\d+(\.\d+)*\s*)+$/, 'it is no range such as ">=0.9 <0.11"'),
    ),
  ),
  note: v.optional(text),
};
const reduce = v.picklist(['sum', 'mean', 'max']);

const rule = v.union([
  v.strictObject({ counter: v.array(pick), ...common }),
  v.strictObject({ gauge: pick, reduce, ...common }),
  v.strictObject({ product: v.tuple([pick, pick]), reduce, ...common }),
  v.strictObject({ mean: v.tuple([pick, pick]), ...common }),
  v.strictObject({
    histogram: text,
    where: v.optional(where),
    scale: v.optional(v.number()),
    ...common,
  }),
  v.strictObject({ sum: pick, count: v.array(pick), ...common }),
]);

const pattern = v.pipe(
  text,
  v.check((s) => {
    try {
      return new RegExp(s) instanceof RegExp;
    } catch {
      return false;
    }
  }, 'it is no regular expression'),
);
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** Native name → key of LLM. */
const SIGNALS: ReadonlyMap<string, string> = new Map(
  Object.entries(LLM).map(([key, signal]) => [signal.dialects.native?.name ?? key, key]),
);

export const engineSchema = (): v.GenericSchema<unknown, Block> =>
  v.pipe(
    v.strictObject({
      name: v.pipe(text, v.regex(/^[a-z0-9_-]+$/, 'it is no name such as my-engine')),
      title: v.optional(text),
      process: v.optional(
        v.strictObject({
          command: v.array(pattern),
          port_flags: v.optional(texts, []),
          port,
          metrics_port_flags: v.optional(texts),
          metrics_port: v.optional(port),
          model_flags: v.optional(texts),
        }),
      ),
      paths: v.pipe(v.array(v.pipe(text, v.startsWith('/', 'it is no path'))), v.nonEmpty()),
      page: v.strictObject({
        any: v.pipe(texts, v.nonEmpty()),
        none: v.optional(texts),
        label: v.optional(text),
      }),
      model: v.optional(texts, []),
      info: v.optional(
        v.array(
          v.strictObject({ path: text, model: v.optional(texts), version: v.optional(texts) }),
        ),
      ),
      repeats: v.optional(texts),
      signals: v.record(
        v.picklist([...SIGNALS.keys()], 'it is no signal of model servers (docs/SERVING.md)'),
        v.array(rule),
      ),
      notes: v.optional(texts),
    }),
    v.transform(({ title, process, signals, ...rest }) => ({
      ...rest,
      title: title ?? rest.name,
      ...(process === undefined
        ? {}
        : {
            process: {
              command: process.command,
              port: process.port,
              portFlags: process.port_flags,
              ...optional('metricsPortFlags', process.metrics_port_flags),
              ...optional('metricsPort', process.metrics_port),
              ...optional('modelFlags', process.model_flags),
            },
          }),
      signals: Object.fromEntries(
        Object.entries(signals).map(([name, rules]) => [SIGNALS.get(name) as string, rules]),
      ),
    })),
  );

const optional = (key: string, value: unknown): Block =>
  value === undefined ? {} : { [key]: value };
