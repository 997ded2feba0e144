/** A model server to ask, whether somebody named it or it was found. */

export interface Tls {
  /** Files in PEM. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

export interface Target {
  /** Name of an engine; where there is none the page tells it. */
  readonly engine?: string;
  /** `http` or `https`. Without a path the engine's own are asked. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly basicAuth?: {
    readonly username: string;
    readonly password?: string;
    readonly passwordFile?: string;
  };
  readonly bearerTokenFile?: string;
  readonly tls?: Tls;
  /** Of a server that serves one model and does not say which. */
  readonly model?: string;
  /** What is known of its process. */
  readonly process?: TargetProcess;
}

export interface TargetProcess {
  readonly pid: number;
  /** With the pid it tells a process from a later one: field 22 of proc_pid_stat(5). */
  readonly startTime: number;
  /** It listens on every address of this machine. */
  readonly everywhere?: true;
  /** Bytes that one token takes in the KV cache, over all ranks, where the model's configuration gives it. */
  readonly cacheBytesPerToken?: number;
}

/** `host:port`: the label `endpoint`. */
export function endpointOf({ url }: Target): string {
  const { host, protocol, port } = new URL(url);
  return port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host;
}

/** The same for every name of the loopback address: two names of one server are one server. */
export const placeOf = (target: Target): string =>
  endpointOf(target).replace(/^(localhost|\[::1\])(?=:)/, '127.0.0.1');

/** The same place where its host is one of `names` of this machine: so a server is reached that listens everywhere. */
export function placeHere(target: Target, names: ReadonlySet<string>): string {
  const place = placeOf(target);
  const [, host = '', port] = /^(.*):(\d+)$/.exec(place) ?? [];
  return names.has(host) ? `127.0.0.1:${port}` : place;
}
