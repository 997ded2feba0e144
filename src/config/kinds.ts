/** Reads a raw value (out of YAML, or a flag's text) as the kind that its setting has. */
import * as v from 'valibot';
import { parseAddress } from '../web/address.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Kind, Setting, Value } from './setting.ts';

/** Milliseconds. Every duration ends up in a timer, which fires at once for none and for more than 2^31 - 1. */
const LEAST = 1;
const MOST = 24 * 86_400_000;

const duration = v.pipe(
  v.string(),
  v.transform((s) => parseDuration(s) ?? Number.NaN),
  v.check((ms) => ms >= LEAST && ms <= MOST),
);

const pattern = v.pipe(
  v.string(),
  v.check((s) => {
    try {
      return new RegExp(s) instanceof RegExp;
    } catch {
      return false;
    }
  }),
);

/** Those of the landing page's neighbours, which a page of metrics must not hide. */
const OWN_PATHS = /^\/(?:-|api)\//;

const path = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const shown = JSON.stringify(dataset.value);
    if (!dataset.value.startsWith('/')) {
      addIssue({ message: `${shown} does not begin with a slash` });
    } else if (OWN_PATHS.test(dataset.value)) {
      addIssue({ message: `${shown}: what begins with /-/ or /api/ is for other pages` });
    } else if (/[?#%\s]/.test(dataset.value)) {
      addIssue({ message: `${shown} has characters that are not of a path` });
    }
  }),
);

const address = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    try {
      if (dataset.typed) parseAddress(dataset.value);
    } catch (error) {
      addIssue({ message: (error as Error).message });
    }
  }),
);

/** A number in the file, digits in a flag. */
const count = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
  v.safeInteger(),
  v.minValue(0),
);

/** `auto`, `true` and `false` are texts as a flag, and YAML reads two of them as booleans. */
const word = v.pipe(v.union([v.string(), v.boolean()]), v.transform(String));

function schema(setting: Setting): v.GenericSchema<unknown, Value> {
  const of = [...(setting.of ?? [])];
  switch (setting.kind) {
    case 'text':
      return v.string();
    case 'library':
      return v.pipe(v.string(), v.regex(/^(\/.*|[^/]*)$/));
    case 'texts':
      return v.array(v.string());
    case 'addresses':
      return v.pipe(v.array(address), v.minLength(1));
    case 'path':
      return path;
    case 'pattern':
      return pattern;
    case 'duration':
      return duration;
    case 'boolean':
      return v.boolean();
    case 'choice':
      return v.pipe(word, v.picklist(of));
    case 'choices':
      return v.pipe(v.array(v.picklist(of)), v.minLength(1));
    case 'count':
      return count;
  }
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  text: 'a text',
  library: 'an absolute path or the name of a library',
  texts: 'a list of texts',
  addresses: 'a list of addresses',
  path: 'a path such as /metrics',
  pattern: 'a regular expression',
  duration: 'a duration such as 10s or 1m30s, from 1ms to 24d',
  boolean: 'true or false',
  choice: 'one of',
  choices: 'a list out of',
  count: 'a whole number from 0 on',
};

/** What a value of this setting looks like, for error messages and help. */
export function expected(setting: Setting): string {
  const of = setting.of === undefined ? '' : ` ${setting.of.join(', ')}`;
  return `${EXPECTED[setting.kind]}${of}`;
}

/** What is wrong with a value that has the right form; undefined where it has not, or nothing is wrong. */
export function flaw(setting: Setting, raw: unknown): string | undefined {
  const { issues = [] } = v.safeParse(schema(setting), raw);
  return issues.find(({ type }) => type === 'raw_check')?.message;
}

/** Why a raw value is refused. */
export function refusal(setting: Setting, raw: unknown): string {
  const found = flaw(setting, raw);
  if (found !== undefined) return found;
  const shown = raw === null || raw === undefined ? 'nothing' : JSON.stringify(raw);
  const what = `${shown} is not ${expected(setting)}`;
  // The usual mistake: one text where a list of them is wanted.
  return readValue(setting, [raw]) === undefined ? what : `${what}; write [${shown}]`;
}

/** The value, or undefined where it is not of the setting's kind. */
export function readValue(setting: Setting, raw: unknown): Value | undefined {
  const result = v.safeParse(schema(setting), raw);
  return result.success ? result.output : undefined;
}

/** The value as a YAML flow scalar or list: what readValue would read back. */
export function writeValue(setting: Setting, value: Value): string {
  if (setting.kind === 'duration') return formatDuration(value as number);
  return JSON.stringify(value);
}
