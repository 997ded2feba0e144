/** Listeners: what an address means, and one clear line for each way it can fail. */

export type Address =
  | { readonly unix: string }
  | { readonly hostname: string | undefined; readonly port: number };

/** An address that cannot be read or listened on; the message is the line to print. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** `:9835`, `127.0.0.1:9835`, `[::1]:9835`, `host:9835` or `unix:/run/edgegauge.sock`. */
export function parseAddress(text: string): Address {
  if (text.startsWith('unix:')) {
    const unix = text.slice('unix:'.length);
    if (!unix.startsWith('/')) throw bad(text, 'a unix socket needs an absolute path');
    return { unix };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d+)$/.exec(text);
  if (match === null) throw bad(text, 'expected HOST:PORT, [IPv6]:PORT, :PORT or unix:/PATH');
  const port = Number(match[3]);
  if (port > 65535) throw bad(text, 'a port is at most 65535');
  const hostname = match[1] ?? match[2];
  return { hostname: hostname === '' ? undefined : hostname, port };
}

const bad = (text: string, why: string): ListenError =>
  new ListenError(`bad listen address "${text}": ${why}`);

/** Longest Bun allows; a scrape interval is shorter, so Prometheus's connection lives from scrape to scrape. */
const IDLE_TIMEOUT_SECONDS = 255;

/** No request of ours has a body worth reading. */
const MAX_BODY_BYTES = 64 * 1024;

type Handler = (request: Request) => Response | Promise<Response>;
export type Server = ReturnType<typeof Bun.serve>;

/** Listens on one address. Throws ListenError. */
export function listen(address: Address, fetch: Handler): Server {
  const common = { fetch, idleTimeout: IDLE_TIMEOUT_SECONDS, maxRequestBodySize: MAX_BODY_BYTES };
  try {
    if ('unix' in address) return Bun.serve({ ...common, unix: address.unix });
    const { port, hostname } = address;
    if (hostname !== undefined) return Bun.serve({ ...common, hostname, port });
    try {
      return Bun.serve({ ...common, hostname: '::', port });
    } catch (error) {
      // A kernel without IPv6 cannot listen on `::`.
      if (code(error) === 'EADDRINUSE' || code(error) === 'EACCES') throw error;
      return Bun.serve({ ...common, hostname: '0.0.0.0', port });
    }
  } catch (error) {
    throw new ListenError(explain(address, error), { cause: error });
  }
}

/** How an address is written, for logs. */
export function show(address: Address): string {
  if ('unix' in address) return `unix:${address.unix}`;
  const { hostname = '', port } = address;
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

function explain(address: Address, error: unknown): string {
  const where = `cannot listen on ${show(address)}`;
  switch (code(error)) {
    case 'EADDRINUSE': {
      const other =
        'port' in address && address.port === 9835
          ? ' (nvidia_gpu_exporter uses 9835 too: is it running?)'
          : '';
      return `${where}: the address is in use${other}; choose another with --web.listen-address`;
    }
    case 'EACCES':
      return `${where}: permission denied; ports below 1024 need CAP_NET_BIND_SERVICE, choose another with --web.listen-address`;
    case 'EADDRNOTAVAIL':
      return `${where}: this machine has no such address`;
    default:
      return `${where}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
