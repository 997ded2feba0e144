/** A setting that is a list of blocks: in the file alone, for no flag could say it. */

export type Block = Readonly<Record<string, unknown>>;

/** What may stand in a block is in block-readers.ts: only who reads a file needs it. */
export interface BlockSetting {
  /** `serving.targets` */
  readonly path: string;
  readonly help: string;
  /** One block as a comment of the example file shows it, in YAML. */
  readonly example: string;
}

/** What is wrong with a list of blocks, and where: keys and places from the list on. */
export interface BlockProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
