/**
 * What is known of an engine, as data: how its process and its page are recognised, where it tells its
 * figures, and which of them say what. A user's file has the same shape (`serving.engines`).
 */

/** How a label of ours is made of one of the page: by a table, or as it is. */
export interface LabelRule {
  readonly from: string;
  /**
   * Of the text in lower case, without what stands before its last dot (`ResponseType.FINISH`); `''` where
   * the page has no such label. What is not in the table stays as it is, and
   * is `unknown` where it is empty.
   */
  readonly map?: Readonly<Record<string, string>>;
}

/** Numbers on a page: all samples of a name whose labels are these. */
export interface Pick {
  /** Name of the sample, `_total` and `_sum` included. `:` and `_` are alike. */
  readonly name: string;
  /** Labels that a sample has to have. */
  readonly where?: Readonly<Record<string, string | readonly string[]>>;
  /** The number does not follow the labels but is in them: the product of these. */
  readonly label?: readonly string[];
  /** To base units. */
  readonly scale?: number;
  /** Labels of ours besides model, engine and endpoint: a text, or one of the page's. */
  readonly labels?: Readonly<Record<string, string | LabelRule>>;
}

/** How the numbers of several ranks become one. */
export const REDUCE = ['sum', 'mean', 'max'] as const;
export type Reduce = (typeof REDUCE)[number];

interface Alternative {
  /** Versions of the engine that mean this, where a name changed its meaning: `>=0.9.2 <0.11`. */
  readonly versions?: string;
  /** What differs from the signal's meaning; for the documentation. */
  readonly note?: string;
}

/** A counter: everything picked, added. */
export interface CounterRule extends Alternative {
  readonly counter: readonly Pick[];
}

export interface GaugeRule extends Alternative {
  readonly gauge: Pick;
  /** What is added to it where the page has it: other queues, other parts of a pool. */
  readonly plus?: readonly Pick[];
  readonly reduce: Reduce;
  /** Ranks that repeat other figures have each their own of this. */
  readonly each?: boolean;
}

/** A gauge that is the product of two, as blocks and tokens per block. */
export interface ProductRule extends Alternative {
  readonly product: readonly [Pick, Pick];
  readonly reduce: Reduce;
}

/** A gauge that is the share of one in another, both summed over ranks. */
export interface RatioRule extends Alternative {
  readonly ratio: readonly [part: Pick, whole: Pick];
}

/** A gauge that is the growth of one counter divided by that of another, from reading to reading. */
export interface MeanRule extends Alternative {
  readonly mean: readonly [total: Pick, count: Pick];
}

export interface HistogramRule extends Alternative {
  /** Name without `_bucket`, `_sum` and `_count`. */
  readonly histogram: string;
  readonly where?: Pick['where'];
  /** To seconds: of bounds and sum. */
  readonly scale?: number;
}

/** A histogram without bounds, of two counters. */
export interface SumCountRule extends Alternative {
  readonly sum: Pick;
  readonly count: readonly Pick[];
}

/** What a page says of a signal, and how. */
export type Rule =
  | CounterRule
  | GaugeRule
  | ProductRule
  | RatioRule
  | MeanRule
  | HistogramRule
  | SumCountRule;

/** The signals of `LLM` (src/catalog/serving.ts) that an engine may have. */
export const MAPPED = [
  'requests',
  'finished',
  'duration',
  'firstToken',
  'interToken',
  'queueTime',
  'generated',
  'prompt',
  'tokensPerSecond',
  'queue',
  'batch',
  'cacheUsage',
  'cacheCapacityTokens',
  'cacheUsageBytes',
  'cacheCapacityBytes',
  'preemptions',
  'prefixQueries',
  'prefixHits',
  'modelMemory',
] as const;
export type Mapped = (typeof MAPPED)[number];

/** How an engine is recognised among the processes of a machine. */
export interface ProcessPrint {
  /** Regular expressions, one of which matches the command line, its words joined by blanks. */
  readonly command: readonly string[];
  /** Flags after which the port stands: `--port`. */
  readonly portFlags: readonly string[];
  /** Environment is not looked at; without a flag it is this one. */
  readonly port: number;
  /** The figures are on another port than the requests; its flags and default. */
  readonly metricsPortFlags?: readonly string[];
  readonly metricsPort?: number;
  /** Flags after which the model stands. */
  readonly modelFlags?: readonly string[];
  /** Words, paths before them left out, after which the model stands without a flag: `vllm serve MODEL`. */
  readonly modelAfter?: readonly string[];
  /** Regular expressions of a parent that starts workers beside the server: all of it is one server then. */
  readonly launcher?: readonly string[];
  /** Regular expressions of the command line or title of its workers, which tell of what a process on a GPU is. */
  readonly workers?: readonly string[];
  /** Its descendants do other work too: of those on a GPU only workers and what they started are its own. */
  readonly mixed?: boolean;
}

/** A further page of JSON, asked once when the server is found and again when it restarted. */
export interface InfoPage {
  readonly path: string;
  /** Where the texts stand: names of keys joined by dots, a number for an element of a list. */
  readonly model?: readonly string[];
  readonly version?: readonly string[];
}

export interface Engine {
  /** Label `engine`. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly process?: ProcessPrint;
  /** Where the figures are, the likelier first. Nothing else is ever asked. */
  readonly paths: readonly string[];
  /** The names on its page: it is this engine's if one begins with one of `any` and none with one of `none`. */
  readonly page: {
    readonly any: readonly string[];
    readonly none?: readonly string[];
    /** A label that one of these samples has. */
    readonly label?: string;
  };
  /** Names of engines that it may run inside, with their pages: known where its process or a target says it. */
  readonly guests?: readonly string[];
  /** Labels in which the model stands, the first that is there. */
  readonly model: readonly string[];
  readonly info?: readonly InfoPage[];
  /** Labels of ranks that repeat the same figure: the largest of them counts, then others are reduced. */
  readonly repeats?: readonly string[];
  /** Rules by signal; of several the first that the page has anything of. */
  readonly signals: Readonly<Partial<Record<Mapped, readonly Rule[]>>>;
  /** For the documentation. */
  readonly notes?: readonly string[];
}
