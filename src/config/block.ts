/** A setting that is a list of blocks: in the file alone, for no flag could say it. */
import * as v from 'valibot';
import { describe } from './fields.ts';

export type Block = Readonly<Record<string, unknown>>;

export interface BlockSetting {
  /** `serving.targets` */
  readonly path: string;
  readonly help: string;
  /** One block as a comment of the example file shows it, in YAML. */
  readonly example: string;
  /** Made when there is a block to read: most files have none. */
  readonly schema: () => v.GenericSchema<unknown, Block>;
  /** What is wrong with blocks that are each valid. `others`: those of another list. */
  readonly check?: (
    blocks: readonly Block[],
    others: (path: string) => readonly Block[],
  ) => readonly BlockProblem[];
}

/** What is wrong with a list of blocks, and where: keys and places from the list on. */
export interface BlockProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The blocks, or what is wrong with them. */
export function readBlocks(
  { schema }: BlockSetting,
  raw: unknown,
): { readonly blocks: readonly Block[] } | { readonly problems: readonly BlockProblem[] } {
  const result = v.safeParse(v.array(schema()), raw ?? []);
  if (result.success) return { blocks: result.output };
  return { problems: result.issues.map(problemOf) };
}

function problemOf(issue: v.BaseIssue<unknown>): BlockProblem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  return { path, message: describe(issue) };
}
