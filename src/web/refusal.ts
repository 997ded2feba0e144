/** Why the kernel refuses an address, and what to do about it. */

import type { Address } from './address.ts';
import { isIPv4, isIPv6 } from './ip.ts';
import { isSocket } from './socket-file.ts';

const CHOOSE = 'choose another with --web.listen-address';

/** One line, without the address itself. `error` is what Bun.serve threw; see bind(2), ip(7) and unix(7). */
export function refusal(address: Address, error: unknown): string {
  const code = errorCode(error);
  const known = 'unix' in address ? ofSocket(address.unix, code) : ofPort(address, code);
  return known ?? (error instanceof Error ? error.message : String(error));
}

export const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

function ofPort(
  { hostname, port }: { readonly hostname: string | undefined; readonly port: number },
  code: string,
): string | undefined {
  switch (code) {
    case 'EADDRINUSE': {
      const other = port === 9835 ? ' (nvidia_gpu_exporter uses 9835 too: is it running?)' : '';
      return `the address is in use${other}; ${CHOOSE}`;
    }
    case 'EACCES':
      return `permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE, ${CHOOSE}`;
    case 'EAFNOSUPPORT':
      return 'IPv6 is off on this machine';
  }
  if (hostname === undefined) return undefined;
  // A name that is not found comes back as any of several codes, left over from the look-up.
  return !isIPv4(hostname) && !isIPv6(hostname)
    ? `the host name is not found, or is not this machine's; ${CHOOSE}`
    : `this machine has no such address; ${CHOOSE}`;
}

function ofSocket(path: string, code: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return isSocket(path)
        ? 'another process listens on it'
        : 'there is a file of that name, and it is not a socket';
    case 'EACCES':
    case 'EROFS':
      return 'permission denied: the directory must be writable';
    case 'ENOENT':
      return 'its directory does not exist';
    case 'ENAMETOOLONG':
      return 'the path of a unix socket has at most 107 bytes';
    default:
      return undefined;
  }
}
