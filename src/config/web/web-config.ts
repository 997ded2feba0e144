/** What a web configuration file says, read and checked; the files that it names are not looked at yet. */

/** A text of the file itself, or the path of a file that has it. */
export interface Pem {
  readonly text: string | undefined;
  readonly file: string | undefined;
  /** `file:line:column: key`, for mistakes in it. */
  readonly place: string;
}

export const CLIENT_AUTH = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuth = (typeof CLIENT_AUTH)[number];

export type TlsVersion = 'TLS12' | 'TLS13';

export interface TlsConfig {
  readonly cert: Pem;
  readonly key: Pem;
  readonly clientCa: Pem | undefined;
  readonly clientAuth: ClientAuth;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** Suites of TLS 1.2 by OpenSSL's names; empty: the default. Those of TLS 1.3 cannot be chosen. */
  readonly ciphers: readonly string[];
  /** Groups by OpenSSL's names; empty: the default. */
  readonly curves: readonly string[];
  readonly preferServerCiphers: boolean;
}

export interface RateLimit {
  /** Milliseconds in which one more request is allowed. */
  readonly interval: number;
  /** Most requests that are allowed at once. */
  readonly burst: number;
}

export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  readonly http2: boolean;
  /** Sent with every answer. */
  readonly headers: readonly (readonly [string, string])[];
  /** bcrypt hashes by user; empty: no password is asked for. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | undefined;
  /** Paths that are answered without a password. */
  readonly authExcludedPaths: readonly string[];
}

/** What an empty file says. */
export const OPEN: WebConfig = {
  tls: undefined,
  http2: false,
  headers: [],
  users: new Map(),
  rateLimit: undefined,
  authExcludedPaths: [],
};
