/** What a setting is: one row behind the file's schema, the flag, the help text and the default. */
import type { Block } from './block.ts';

export type Value = string | readonly string[] | readonly Block[] | number | boolean;

/**
 * `duration` is milliseconds once read; `pattern` a regular expression's source;
 * `library` an absolute path, a soname or nothing; `texts` a list (a repeatable flag); `addresses` one of addresses to listen on; `choices` one out of `of`;
 * `path` that of a URL; `count` a whole number, not negative.
 */
export type Kind =
  | 'text'
  | 'library'
  | 'texts'
  | 'addresses'
  | 'path'
  | 'pattern'
  | 'duration'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'count';

export interface Setting {
  /** Where it stands in the file: `web.telemetry_path`. */
  readonly path: string;
  /** Without the leading dashes: `web.telemetry-path`. */
  readonly flag: string;
  readonly kind: Kind;
  readonly of?: readonly string[];
  readonly default: Value;
  readonly help: string;
  /** A change needs a restart; a reload says so. */
  readonly fixed?: boolean;
}

/** Values by path. What is not in it is as the default has it. */
export type Settings = ReadonlyMap<string, Value>;
