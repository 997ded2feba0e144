/** What is wrong with targets and engines that are each valid: names that nobody has, places named twice. */
import { ENGINE_NAMES } from '../catalog/serving.ts';
import type { Block, BlockProblem } from './block.ts';
import { hint } from './nearest.ts';

/** A target's engine is one that is known, or one of `serving.engines`; a server is named once. */
export function checkTargets(
  targets: readonly Block[],
  others: (path: string) => readonly Block[],
): readonly BlockProblem[] {
  const known = new Set<string>(ENGINE_NAMES);
  for (const { name } of others('serving.engines')) known.add(name as string);
  const unknown = targets.flatMap(({ engine }, i): BlockProblem[] => {
    if (engine === undefined || known.has(engine as string)) return [];
    const message = `no engine is called "${engine}"; ${hint(engine as string, known)}`;
    return [{ path: [i, 'engine'], message }];
  });
  const twice = repeated(targets.map(({ url }) => placeOf(url as string)));
  return [
    ...unknown,
    ...twice.map(
      ([i, first]): BlockProblem => ({
        path: [i, 'url'],
        message: `it is the server of [${first}] again: one target for each host and port`,
      }),
    ),
  ];
}

export const checkEngines = (engines: readonly Block[]): readonly BlockProblem[] =>
  repeated(engines.map(({ name }) => name as string)).map(([i, first]) => ({
    path: [i, 'name'],
    message: `it is the name of [${first}] too`,
  }));

/** Indexes of texts that were there before, each with that of the first. */
const repeated = (texts: readonly string[]): (readonly [number, number])[] =>
  texts.map((text, i) => [i, texts.indexOf(text)] as const).filter(([i, first]) => first < i);

function placeOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}
