/** Directories by pattern, as node_exporter's `--collector.textfile.directory` takes them. */
import { readdirSync, statSync } from 'node:fs';

const META = /[*?[\\]/;

/**
 * Paths that match: `*` and `?` within a name, `[a-z]`, `[^a]`, `\` before a character that is to be
 * itself. A pattern that matches nothing is itself the path.
 */
export function glob(pattern: string): string[] {
  if (!META.test(pattern)) return [pattern];
  const names = pattern.split('/').filter((name) => name !== '');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const name of names) {
    found = META.test(name)
      ? found.flatMap((directory) => matching(directory, name))
      : found.map((directory) => join(directory, name));
  }
  found = found.filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  return found.length === 0 ? [pattern] : found;
}

const join = (directory: string, name: string): string =>
  directory === '' || directory === '/' ? directory + name : `${directory}/${name}`;

/** Names in a directory that match, as paths; none where it cannot be read, or the pattern is none. */
function matching(directory: string, pattern: string): string[] {
  try {
    const expression = new RegExp(`^${expressionOf(pattern)}$`, 's');
    const names = readdirSync(directory === '' ? '.' : directory);
    return names
      .filter((name) => expression.test(name))
      .sort()
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function expressionOf(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    const end = c === '[' ? pattern.indexOf(']', i + 2) : -1;
    if (c === '*') out += '.*';
    else if (c === '?') out += '.';
    else if (end > 0) {
      out += pattern.slice(i, end + 1);
      i = end;
    } else if (c === '\\') out += RegExp.escape(pattern[++i] ?? '\\');
    else out += RegExp.escape(c);
  }
  return out;
}
