/** What a server says of itself on its JSON pages: model and version. */
import type { Engine, InfoPage } from './engines/engine.ts';
import { ask, type Limits } from './http.ts';
import type { Target } from './target.ts';

export interface Info {
  readonly model?: string;
  readonly version?: string;
}

/** A page of a few kilobytes; one server lists every tool it has. */
const LIMITS: Limits = { timeout: 2000, size: 1024 * 1024 };
/** Characters of a label. */
const LONGEST = 1024;

/** Asks page after page until model and version are known. What is not answered is not known. */
export async function askInfo(target: Target, { info = [] }: Engine): Promise<Info> {
  let known: Info = {};
  for (const page of info) {
    if (known.model !== undefined && known.version !== undefined) break;
    known = { ...(await askPage(target, page)), ...known };
  }
  return known;
}

async function askPage(target: Target, { path, model, version }: InfoPage): Promise<Info> {
  try {
    const { status, body, cut } = await ask(target, path, LIMITS);
    if (status !== 200 || cut !== undefined) return {};
    const said: unknown = JSON.parse(new TextDecoder().decode(body));
    const found = { model: pick(said, model), version: pick(said, version) };
    return {
      ...(found.model === undefined ? {} : { model: found.model }),
      ...(found.version === undefined ? {} : { version: found.version }),
    };
  } catch {
    return {};
  }
}

/** The first text at one of the paths. */
function pick(said: unknown, paths: readonly string[] = []): string | undefined {
  for (const path of paths) {
    const value = path
      .split('.')
      .reduce<unknown>(
        (at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined),
        said,
      );
    if (typeof value === 'string' && value !== '' && value.length <= LONGEST) return value;
  }
  return undefined;
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null;
