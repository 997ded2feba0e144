/** A setting that is a list of blocks: in the file alone, for no flag could say it. */
import * as v from 'valibot';

export type Block = Readonly<Record<string, unknown>>;

export interface BlockSetting {
  /** `serving.targets` */
  readonly path: string;
  readonly help: string;
  /** One block as a comment of the example file shows it, in YAML. */
  readonly example: string;
  /** Made when there is a block to read: most files have none. */
  readonly schema: () => v.GenericSchema<unknown, Block>;
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
  return { problems: result.issues.flatMap(problemsOf) };
}

/** Of a union the problems of the alternative that came nearest: the one with the fewest. */
function problemsOf(issue: v.BaseIssue<unknown>): BlockProblem[] {
  if (issue.type === 'union' && issue.issues !== undefined) {
    return issue.issues.flatMap(problemsOf);
  }
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const known = issue.type === 'strict_object' && issue.expected === 'never';
  const received = known ? 'is not a key of it' : message(issue);
  return [{ path, message: received }];
}

function message({ kind, expected, received, message: own, type }: v.BaseIssue<unknown>): string {
  if (expected !== null && received === 'undefined') return 'is missing';
  if (kind === 'schema' && type !== 'picklist') return `expected ${expected}, got ${received}`;
  return own;
}
