/** Objects of a block: what is not one of their keys is told with the key that may be meant. */
import * as v from 'valibot';
import { hint } from './nearest.ts';

/** As valibot's, which tells what it expected and received. */
const DEFAULT = /^Invalid \w+: Expected /;

export const fields = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, (issue) =>
    issue.expected === 'never' ? unknownKey(issue.received, Object.keys(entries)) : issue.message,
  );

/** `received` in quotes, as valibot has it. */
function unknownKey(received: string, keys: readonly string[]): string {
  return `is no key of it; ${hint(received.replaceAll('"', ''), keys)}`;
}

/** What is wrong. Nothing of what the file says there: it may be a password. */
export function describe({ expected, received, input, message }: v.BaseIssue<unknown>): string {
  if (!DEFAULT.test(message)) return message;
  if (received === 'undefined') return 'is missing';
  return `expected ${NAMES[expected ?? ''] ?? expected}, got ${typeOf(input)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'keys and values',
};

function typeOf(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  return (
    { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof input as string] ??
    'keys and values'
  );
}
