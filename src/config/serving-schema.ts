/** What a block of `serving.targets` and of `serving.engines` may hold. */
import * as v from 'valibot';
import type { Block } from './block.ts';
import { fields } from './fields.ts';
import { SIGNAL_KEYS, signalsSchema } from './serving-rules.ts';

const text = v.pipe(v.string(), v.nonEmpty('it is empty'));
const texts = v.array(text);
const record = v.record(v.string(), v.string());

const url = v.pipe(
  text,
  v.check((s) => /^https?:\/\/[^/?#]/.test(s) && URL.canParse(s), 'it is no http or https URL'),
  v.check(
    (s) => !URL.canParse(s) || new URL(s).username + new URL(s).password === '',
    'it holds a user or a password: those belong into basic_auth',
  ),
);

const headers = v.pipe(
  record,
  v.check((all) => {
    try {
      return new Headers(all) instanceof Headers;
    } catch {
      return false;
    }
  }, 'one of them holds what no header may hold'),
);

const file = v.pipe(text, v.startsWith('/', 'it is no absolute path'));

export const targetSchema = (): v.GenericSchema<unknown, Block> =>
  v.pipe(
    fields({
      engine: v.optional(text),
      url,
      headers: v.optional(headers),
      basic_auth: v.optional(
        v.pipe(
          fields({
            username: text,
            password: v.optional(v.string()),
            password_file: v.optional(file),
          }),
          v.check(
            (basic) => basic.password === undefined || basic.password_file === undefined,
            'it has password and password_file: one of them',
          ),
        ),
      ),
      bearer_token_file: v.optional(file),
      tls: v.optional(
        v.pipe(
          fields({
            ca_file: v.optional(file),
            cert_file: v.optional(file),
            key_file: v.optional(file),
            server_name: v.optional(text),
            insecure_skip_verify: v.optional(v.boolean()),
          }),
          v.check(
            (tls) => (tls.cert_file === undefined) === (tls.key_file === undefined),
            'it has one of cert_file and key_file: both belong together',
          ),
        ),
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
    v.check(
      ({ tls, url: u }) => tls === undefined || u.startsWith('https:'),
      'it has tls, and its url is http',
    ),
  );

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
const NO_PORT = 'it is no port from 1 to 65535';
const port = v.pipe(
  v.number(),
  v.integer(NO_PORT),
  v.minValue(1, NO_PORT),
  v.maxValue(65_535, NO_PORT),
);

export const engineSchema = (): v.GenericSchema<unknown, Block> =>
  v.pipe(
    fields({
      name: v.pipe(text, v.regex(/^[a-z0-9_-]+$/, 'it is no name such as my-engine')),
      title: v.optional(text),
      process: v.optional(
        fields({
          command: v.array(pattern),
          port_flags: v.optional(texts, []),
          port,
          metrics_port_flags: v.optional(texts),
          metrics_port: v.optional(port),
          model_flags: v.optional(texts),
          model_after: v.optional(texts),
          launcher: v.optional(v.array(pattern)),
          workers: v.optional(v.array(pattern)),
          mixed: v.optional(v.boolean()),
        }),
      ),
      paths: v.pipe(
        v.array(v.pipe(text, v.startsWith('/', 'it is no path'))),
        v.nonEmpty('it is empty'),
      ),
      page: fields({
        any: v.pipe(texts, v.nonEmpty('it is empty')),
        none: v.optional(texts),
        label: v.optional(text),
      }),
      guests: v.optional(texts),
      model: v.optional(texts, []),
      info: v.optional(
        v.array(fields({ path: text, model: v.optional(texts), version: v.optional(texts) })),
      ),
      repeats: v.optional(texts),
      signals: signalsSchema(),
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
              ...optional('modelAfter', process.model_after),
              ...optional('launcher', process.launcher),
              ...optional('workers', process.workers),
              ...optional('mixed', process.mixed),
            },
          }),
      signals: Object.fromEntries(
        Object.entries(signals).map(([name, rules]) => [SIGNAL_KEYS.get(name) as string, rules]),
      ),
    })),
  );

const optional = (key: string, value: unknown): Block =>
  value === undefined ? {} : { [key]: value };
