/** Files of shell assignments, such as os-release(5): `KEY="a value"`, comments, blank lines, nothing else. */
import { readFileSync } from 'node:fs';
import { notOffered } from './file-source.ts';

/** What the file assigns; the last assignment of a name counts. Undefined where there is no such file. */
export function readAssignments(path: string): ReadonlyMap<string, string> | undefined {
  try {
    return parseAssignments(readFileSync(path, 'utf8'));
  } catch (error) {
    if (notOffered(error)) return undefined;
    throw error;
  }
}

/** A line that is no assignment, or whose quotes do not close, is passed over. */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line);
    if (match === null) continue;
    const value = unquote(match[2] as string);
    if (value !== undefined) out.set(match[1] as string, value);
  }
  return out;
}

/** What a shell would make of the right-hand side, without expansions. */
function unquote(text: string): string | undefined {
  let out = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quote === "'") {
      if (c === "'") quote = '';
      else out += c;
    } else if (c === '\\') {
      const next = text[++i];
      if (next === undefined) return undefined;
      // Between double quotes a backslash is itself unless it stands before one of these.
      if (quote === '"' && !'$`"\\'.includes(next)) out += c;
      out += next;
    } else if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (quote === '' && /\s/.test(c)) break;
    else out += c;
  }
  return quote === '' ? out : undefined;
}
