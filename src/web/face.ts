/** What the web edge needs from the rest; `cli` gives it. */

/** A rendered page: valid until the next scrape. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Whether the client wants it compressed. */
  readonly gzip: boolean;
}

export interface MetricsQuery {
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly dialects: readonly string[];
  readonly collect: readonly string[];
  readonly exclude: readonly string[];
}

/** A query that cannot be answered; its message is the 400's body. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

export interface Service {
  /** Runs a scrape. Throws BadQuery. */
  metrics(query: MetricsQuery): Body;
  /** Whether every source has been sampled once. */
  ready(): boolean;
  /** Plain data for /api/v1/status. */
  status(): object;
  /** Reloads the configuration; an error text when the new one is bad and the old one stays. */
  reload(): Promise<string | undefined>;
  /** Told after each answered request. */
  observe(observation: Observation): void;
}

export interface Observation {
  readonly path: string;
  readonly code: number;
  readonly seconds: number;
  readonly bytes: number;
}
