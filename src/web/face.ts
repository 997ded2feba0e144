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
  /** Told of each answered request for metrics. */
  observe(observation: Observation): void;
}

/** One answer to a request for metrics. */
export interface Observation {
  readonly path: string;
  readonly code: number;
  /** From the request's arrival to the finished body; sending it is not in. */
  readonly seconds: number;
  /** Of the body, as it is sent: compressed where it is, 0 for HEAD. */
  readonly bytes: number;
}
