/** Reads lists of blocks. Loaded by who reads a file that has some. */
import * as v from 'valibot';
import type { Block, BlockProblem } from './block.ts';
import { describe } from './fields.ts';
import { checkEngines, checkTargets } from './serving-check.ts';
import { engineSchema, targetSchema } from './serving-schema.ts';

interface BlockReader {
  /** Made when there is a block to read: most files have none. */
  readonly schema: () => v.GenericSchema<unknown, Block>;
  /** What is wrong with blocks that are each valid. `others`: those of another list. */
  readonly check: (
    blocks: readonly Block[],
    others: (path: string) => readonly Block[],
  ) => readonly BlockProblem[];
}

/** By the path of the list. */
export const BLOCK_READERS: Readonly<Record<string, BlockReader>> = {
  'serving.targets': { schema: targetSchema, check: checkTargets },
  'serving.engines': { schema: engineSchema, check: checkEngines },
};

/** The blocks of the list at `path`, or what is wrong with them. */
export function readBlocks(
  path: string,
  raw: unknown,
): { readonly blocks: readonly Block[] } | { readonly problems: readonly BlockProblem[] } {
  const { schema } = BLOCK_READERS[path] as BlockReader;
  const result = v.safeParse(v.array(schema()), raw ?? []);
  if (result.success) return { blocks: result.output };
  return { problems: result.issues.map(problemOf) };
}

function problemOf(issue: v.BaseIssue<unknown>): BlockProblem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  return { path, message: describe(issue) };
}
