/** What a listen address means. */
import { isIPv6 } from './ip.ts';

export type Address =
  | { readonly unix: string }
  | { readonly hostname: string | undefined; readonly port: number };

/** An address that cannot be read or listened on; the message is the line to print. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** `:9835`, `127.0.0.1:9835`, `[::1]:9835`, `host:9835` or `unix:/run/edgegauge.sock`. Throws ListenError. */
export function parseAddress(text: string): Address {
  if (text.startsWith('unix:')) {
    const unix = text.slice('unix:'.length);
    if (!unix.startsWith('/')) throw bad(text, 'a unix socket needs an absolute path');
    return { unix };
  }
  if (isIPv6(text) || isIPv6(text.replace(/:\d+$/, ''))) {
    throw bad(text, 'write IPv6 in brackets: [IPv6]:PORT');
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]/\s]*)):(\d+)$/.exec(text);
  if (match === null) throw bad(text, 'expected HOST:PORT, [IPv6]:PORT, :PORT or unix:/PATH');
  const [, ipv6, host, digits] = match;
  if (ipv6 !== undefined && !isIPv6(ipv6)) throw bad(text, `${ipv6} is not an IPv6 address`);
  const port = Number(digits);
  if (port > 65535) throw bad(text, 'a port is at most 65535');
  return { hostname: ipv6 ?? (host === '' ? undefined : host), port };
}

/** How an address is written, for logs. */
export function show(address: Address): string {
  if ('unix' in address) return `unix:${address.unix}`;
  return hostPort(address.hostname ?? '', address.port);
}

/** As URLs have it: an IPv6 address is in brackets. */
export const hostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const bad = (text: string, why: string): ListenError =>
  new ListenError(`bad listen address "${text}": ${why}`);
