/** Waits for the service as a client does. */
import { hostname } from 'node:os';
import type { WebConfig } from '../config/web/web-config.ts';
import { type Address, parseAddress } from '../web/address.ts';

export interface Reached {
  /** Where it can be scraped from elsewhere. */
  readonly url: string;
  /** Why more could not be asked; undefined where it said that it is ready. */
  readonly but: string | undefined;
}

/** Addresses in the line that the service shows to `systemctl status`. */
export function listening(status: string): string[] {
  return /listening on (.+)$/.exec(status)?.[1]?.split(', ') ?? [];
}

/** Milliseconds between two questions. */
const AGAIN = 100;

/**
 * Asks /-/ready until it says yes, or the door is closed to who has no password. Throws an Error that says
 * what was answered last after `patience` milliseconds.
 */
export async function untilReady(
  address: string,
  web: Pick<WebConfig, 'tls'>,
  path: string,
  patience: number,
): Promise<Reached> {
  const where = parseAddress(address);
  const scheme = web.tls === undefined || 'unix' in where ? 'http' : 'https';
  const url = `${scheme}://${authority(where, hostname())}${path}`;
  const asked = 'unix' in where ? `unix:${where.unix}` : url;
  if (web.tls?.clientAuth === 'RequireAndVerifyClientCert') {
    return { url: asked, but: 'it asks for a client certificate, so /-/ready was not asked' };
  }
  const until = performance.now() + patience;
  for (;;) {
    const answer = await ask(where, scheme);
    if (answer === 200) return { url: asked, but: undefined };
    if (answer === 401)
      return { url: asked, but: 'it asks for a password, so /-/ready was not asked' };
    if (performance.now() > until) throw new Error(`/-/ready answered ${answer}`);
    await Bun.sleep(AGAIN);
  }
}

/** Status, or what went wrong. */
async function ask(where: Address, scheme: string): Promise<number | string> {
  try {
    const unix = 'unix' in where ? { unix: where.unix } : {};
    const response = await fetch(`${scheme}://${authority(where, 'localhost')}/-/ready`, {
      ...unix,
      // By this machine's own address its certificate says nothing.
      tls: { rejectUnauthorized: false },
      signal: AbortSignal.timeout(5000),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Host and port; `any` for one that listens on every address. */
function authority(where: Address, any: string): string {
  if ('unix' in where) return 'localhost';
  const { hostname: host, port } = where;
  const wildcard = host === undefined || host === '::' || host === '0.0.0.0';
  const name = wildcard ? any : host;
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}
