/** Reads a configuration file. Every mistake is told, each with its place and with what was meant. */
import { isMap, isScalar, type Node, type Pair } from 'yaml';
import { isEmpty, readDocument, type Say, startOf as start } from './document.ts';
import { ConfigError } from './error.ts';
import { expected, readValue } from './kinds.ts';
import { nearest } from './nearest.ts';
import type { Settings, Value } from './setting.ts';
import { SETTING_BY_PATH, SETTINGS } from './settings.ts';

/** Settings of a file's text. `file` is what the messages call it. Throws ConfigError. */
export function parseConfig(text: string, file: string): Settings {
  const document = readDocument(text, file);
  const { root, say } = document;
  const out = new Map<string, Value>();
  if (document.problems.length === 0) {
    if (isMap(root)) walk(root.items, '', out, say);
    else if (!isEmpty(root)) say(start(root), 'expected keys and values');
  }
  const { problems } = document;
  if (problems.length > 0) throw new ConfigError(problems);
  return out;
}

type Items = readonly Pair<unknown, unknown>[];

function walk(items: Items, prefix: string, out: Map<string, Value>, say: Say): void {
  for (const { key, value } of items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const setting = SETTING_BY_PATH.get(path);
    if (setting !== undefined) {
      const node = value as Node | null;
      const raw: unknown = node === null ? null : node.toJSON();
      const read = readValue(setting, raw);
      if (read !== undefined) out.set(path, read);
      else {
        const at = isEmpty(node) ? start(key) : start(node);
        say(at, `${path}: ${show(raw)} is not ${article(expected(setting))}`);
      }
    } else if (!isSection(path)) {
      say(start(key), unknown(path, prefix));
    } else if (isMap(value)) {
      walk(value.items, path, out, say);
    } else if (!isEmpty(value)) {
      say(start(value), `${path}: expected keys below it: ${children(path).join(', ')}`);
    }
  }
}

const isSection = (path: string): boolean => SETTINGS.some((s) => s.path.startsWith(`${path}.`));

function children(prefix: string): string[] {
  const below = SETTINGS.filter((s) => prefix === '' || s.path.startsWith(`${prefix}.`));
  const depth = prefix === '' ? 0 : prefix.split('.').length;
  return [...new Set(below.map((s) => s.path.split('.')[depth] as string))];
}

function unknown(path: string, prefix: string): string {
  const known = children(prefix);
  const name = path.slice(prefix === '' ? 0 : prefix.length + 1);
  const meant = nearest(name, known);
  const where = prefix === '' ? 'at the top' : `below ${prefix}`;
  const hint =
    meant === undefined ? `known ${where}: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `unknown key "${name}" ${where}; ${hint}`;
}

const show = (raw: unknown): string => (raw === null ? 'nothing' : JSON.stringify(raw));
const article = (what: string): string => (what.startsWith('text') ? `a ${what}` : what);
