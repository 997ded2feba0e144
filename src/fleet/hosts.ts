/** Names of machines, as scrapes and ssh take them. */
import { InstallError } from '../install/error.ts';
import { isIPv6 } from '../web/ip.ts';

/** Every host once, in its order. Throws InstallError for one that is named twice. */
export function distinct(hosts: readonly string[]): readonly string[] {
  const twice = hosts.find((host, i) => hosts.indexOf(host) !== i);
  if (twice !== undefined) throw new InstallError(`${twice} is named twice`);
  return hosts;
}

/** `host:port` for `host`, `host:port`, an IPv6 address, or one in brackets. Throws InstallError. */
export function target(host: string, port: string): string {
  if (isIPv6(host)) return withPort(`[${host}]`, port, host);
  const bracketed = /^\[(.+)\](?::(.+))?$/.exec(host);
  if (bracketed !== null) {
    const [, inside = '', own = port] = bracketed;
    if (!isIPv6(inside)) throw new InstallError(`${host}: ${inside} is not an IPv6 address`);
    return withPort(`[${inside}]`, own, host);
  }
  const [, name = '', own = port] = /^([\w.-]+)(?::([^/]*))?$/.exec(host) ?? [];
  if (name === '') {
    throw new InstallError(`"${host}" is not a host: expected HOST, HOST:PORT or [IPv6]:PORT`);
  }
  return withPort(name, own, host);
}

function withPort(name: string, port: string, host: string): string {
  if (/^[1-9]\d*$/.test(port) && Number(port) <= 65535) return `${name}:${port}`;
  throw new InstallError(`${host}: "${port}" is not a port`);
}

/** A destination of ssh: a name or an alias of its configuration, with or without a user. Throws InstallError. */
export function destination(host: string, user: string | undefined): string {
  // One that begins with a dash would be an option of ssh, and could run anything here.
  if (!/^[\w.%:@][\w.%:@-]*$/.test(host)) throw new InstallError(`"${host}" is not a host for ssh`);
  if (user === undefined || host.includes('@')) return host;
  if (!/^[\w.][\w.-]*$/.test(user)) throw new InstallError(`"${user}" is not a user for ssh`);
  return `${user}@${host}`;
}
