/** Listeners: one clear line for each way in which they can fail, and how they end. */
import { type Address, ListenError, show } from './address.ts';
import { errorCode, refusal } from './refusal.ts';
import { removeStale } from './socket-file.ts';

/** Longest Bun allows; a scrape interval is shorter, so Prometheus's connection lives from scrape to scrape. */
const IDLE_TIMEOUT_SECONDS = 255;

/** No request of ours has a body worth reading. */
const MAX_BODY_BYTES = 64 * 1024;

/** A certificate, key, CA or cipher that the server cannot use; the message is OpenSSL's. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

export type Server = ReturnType<typeof Bun.serve>;
export type Handler = (request: Request, server: Server) => Response | Promise<Response>;
type Options = Parameters<typeof Bun.serve>[0];

/** What a port speaks. A unix socket is plain: the permissions of its file say who may use it. */
export interface Transport {
  /** Undefined: plain HTTP. */
  readonly tls: Bun.TLSOptions | undefined;
  readonly http2: boolean;
}

export const PLAIN: Transport = { tls: undefined, http2: false };

/** Listens on one address. Throws ListenError or TransportError. `shared`: beside a server of ours that lets it. */
export function listen(
  address: Address,
  fetch: Handler,
  transport: Transport = PLAIN,
  shared = false,
): Server {
  const common = {
    fetch,
    maxRequestBodySize: MAX_BODY_BYTES,
    // On by default: pages of source code for errors, and a seventh more time for every request.
    development: false,
  };
  const tcp = {
    ...common,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    // Without development Bun shares the port with whoever else listens on it, unless told not to.
    reusePort: shared,
    http2: transport.http2,
    ...(transport.tls === undefined ? {} : { tls: transport.tls }),
  };
  try {
    if ('unix' in address) {
      const options: Options = { ...common, unix: address.unix };
      // The types leave the timeout out for a unix socket; the server heeds it there too.
      return Bun.serve(Object.assign(options, { idleTimeout: IDLE_TIMEOUT_SECONDS }));
    }
    const { port, hostname } = address;
    if (hostname !== undefined) return Bun.serve({ ...tcp, hostname, port });
    try {
      return Bun.serve({ ...tcp, hostname: '::', port });
    } catch (error) {
      // A kernel without IPv6 cannot listen on `::`.
      if (['EADDRINUSE', 'EACCES'].includes(errorCode(error))) throw error;
      return Bun.serve({ ...tcp, hostname: '0.0.0.0', port });
    }
  } catch (error) {
    if (transport.tls !== undefined && isOfTls(error)) {
      throw new TransportError((error as Error).message, { cause: error });
    }
    const message = `cannot listen on ${show(address)}: ${refusal(address, error)}`;
    throw new ListenError(message, { cause: error });
  }
}

/** A CA that cannot be read has no code, but this text. */
const isOfTls = (error: unknown): boolean =>
  errorCode(error).startsWith('ERR_') || /create HTTP server/.test(String(error));

/**
 * Listens on all addresses or on none. The socket file of a process that was killed is removed first;
 * one that somebody answers on is in use. Throws ListenError.
 */
export async function listenAll(
  addresses: readonly Address[],
  fetch: Handler,
  transport: Transport = PLAIN,
): Promise<Server[]> {
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      if ('unix' in address) await removeStale(address.unix);
      servers.push(listen(address, fetch, transport));
    }
    return servers;
  } catch (error) {
    await close(servers, 0);
    throw error;
  }
}

/** Milliseconds between two looks at whether anything is still being answered. */
const LOOK = 10;

/**
 * Stops listening, lets requests that are being answered finish for `graceMs` milliseconds, then closes
 * what is left. `stop()` alone also waits for clients that have sent half a request, until their idle
 * timeout: those are not waited for.
 */
export async function close(
  servers: readonly Pick<Server, 'stop' | 'pendingRequests'>[],
  graceMs: number,
): Promise<void> {
  let closed = false;
  const all = Promise.all(servers.map((server) => server.stop())).then(() => {
    closed = true;
  });
  const end = performance.now() + graceMs;
  const busy = () => servers.some((server) => server.pendingRequests > 0);
  do await Promise.race([all, Bun.sleep(LOOK)]);
  while (!closed && busy() && performance.now() < end);
  if (!closed) await Promise.all(servers.map((server) => server.stop(true)));
}
