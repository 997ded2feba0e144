/** Reads a configuration file. Every mistake is told, each with its place and with what was meant. */
import { type Document, isAlias, isCollection, isMap, isScalar, type Node, type Pair } from 'yaml';
import type { Block, BlockProblem } from './block.ts';
import { BLOCK_READERS, readBlocks } from './block-readers.ts';
import { isEmpty, readDocument, type Say, startOf as start } from './document.ts';
import { ConfigError } from './error.ts';
import { readValue, refusal } from './kinds.ts';
import { unknownKey } from './nearest.ts';
import type { Settings, Value } from './setting.ts';
import { BLOCK_BY_PATH, SETTING_BY_PATH, SETTINGS } from './settings.ts';

/** Settings of a file's text. `file` is what the messages call it. Throws ConfigError. */
export function parseConfig(text: string, file: string): Settings {
  const document = readDocument(text, file);
  const { root, say } = document;
  const out = new Map<string, Value>();
  if (document.problems.length === 0) {
    if (isMap(root)) walk(root.items, '', { doc: document.doc, out, say });
    else if (!isEmpty(root)) say(start(root), 'expected keys and values');
  }
  if (document.problems.length === 0) {
    for (const [path, { check }] of Object.entries(BLOCK_READERS)) {
      const of = (other: string) => (out.get(other) ?? []) as readonly Block[];
      const found = check(of(path), of);
      tell(path, found, document.doc.getIn(path.split('.'), true) as Node | null, say);
    }
  }
  const { problems } = document;
  if (problems.length > 0) throw new ConfigError(problems);
  return out;
}

interface Reading {
  readonly doc: Document;
  readonly out: Map<string, Value>;
  readonly say: Say;
}
type Items = readonly Pair<unknown, unknown>[];

function walk(items: Items, prefix: string, reading: Reading): void {
  const { doc, out, say } = reading;
  for (const { key, value: written } of items) {
    const value = isAlias(written) ? (written.resolve(doc) ?? written) : written;
    const name = isScalar(key) ? String(key.value) : String(key);
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const setting = SETTING_BY_PATH.get(path);
    if (isAlias(value)) {
      say(start(value), `${path}: nothing before it is marked &${value.source}`);
    } else if (setting !== undefined) {
      const node = value as Node | null;
      const raw: unknown = node === null ? null : node.toJSON();
      const read = readValue(setting, raw);
      if (read !== undefined) out.set(path, read);
      else say(isEmpty(node) ? start(key) : start(node), `${path}: ${refusal(setting, raw)}`);
    } else if (BLOCK_BY_PATH.has(path)) {
      readBlock(path, value as Node | null, reading);
    } else if (!isSection(path)) {
      say(start(key), unknownKey(name, prefix, children(prefix)));
    } else if (isMap(value)) {
      walk(value.items, path, reading);
    } else if (isScalar(value) && typeof value.value === 'boolean' && isSwitch(`${path}.enabled`)) {
      out.set(`${path}.enabled`, value.value);
    } else if (!isEmpty(value)) {
      const keys = children(path);
      const or = isSwitch(`${path}.enabled`) ? '; or true or false' : '';
      say(start(value), `${path}: expected keys below it: ${keys.join(', ')}${or}`);
    }
  }
}

function readBlock(path: string, node: Node | null, { doc, out, say }: Reading): void {
  let raw: unknown;
  try {
    raw = node?.toJS(doc);
  } catch (error) {
    // Aliases of aliases of aliases.
    say(start(node), `${path}: ${error instanceof Error ? error.message : error}`);
    return;
  }
  const read = readBlocks(path, raw);
  if ('blocks' in read) {
    out.set(path, read.blocks);
    return;
  }
  tell(path, read.problems, node, say);
}

function tell(path: string, found: readonly BlockProblem[], node: Node | null, say: Say): void {
  for (const problem of found) {
    const where = problem.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
    say(start(nodeAt(node, problem.path)), `${path}${where.join('')}: ${problem.message}`);
  }
}

/** The node at a path, or the last on the way to it that is there. */
function nodeAt(node: Node | null, path: readonly (string | number)[]): unknown {
  let at: unknown = node;
  for (const key of path) {
    const next: unknown = isCollection(at) ? at.get(key, true) : undefined;
    if (next === undefined || next === null) break;
    at = next;
  }
  return at;
}

const isSection = (path: string): boolean => SETTINGS.some((s) => s.path.startsWith(`${path}.`));

const isSwitch = (path: string): boolean => SETTING_BY_PATH.get(path)?.kind === 'boolean';

function children(prefix: string): string[] {
  const all = [...SETTINGS, ...BLOCK_BY_PATH.values()];
  const below = all.filter((s) => prefix === '' || s.path.startsWith(`${prefix}.`));
  const depth = prefix === '' ? 0 : prefix.split('.').length;
  return [...new Set(below.map((s) => s.path.split('.')[depth] as string))];
}
