/** Waits for the service as a client does. */
import { hostname } from 'node:os';
import type { WebConfig } from '../config/web/web-config.ts';
import { type Address, hostPort, parseAddress } from '../web/address.ts';

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
 * what was answered last after `patience` milliseconds. `web` is what the service is expected to have read;
 * its flags may have named another file, so the other scheme is tried where this one is not understood.
 */
export async function untilReady(
  address: string,
  web: Pick<WebConfig, 'tls'>,
  path: string,
  patience: number,
): Promise<Reached> {
  const where = parseAddress(address);
  const expected = web.tls === undefined || 'unix' in where ? 'http' : 'https';
  const reached = (scheme: Scheme, but?: string): Reached => ({
    url:
      'unix' in where ? `unix:${where.unix}` : `${scheme}://${authority(where, hostname())}${path}`,
    but,
  });
  if (web.tls?.clientAuth === 'RequireAndVerifyClientCert') {
    return reached(expected, 'it asks for a client certificate, so /-/ready was not asked');
  }
  const until = performance.now() + patience;
  for (;;) {
    const [answer, scheme] = await askEither(where, expected);
    if (answer === 200) return reached(scheme);
    if (answer === 401) return reached(scheme, 'it asks for a password, so /-/ready was not asked');
    if (performance.now() > until) throw new Error(`/-/ready answered ${answer}`);
    await Bun.sleep(AGAIN);
  }
}

type Scheme = 'http' | 'https';
type Answer = number | string;

async function askEither(where: Address, expected: Scheme): Promise<readonly [Answer, Scheme]> {
  const answer = await ask(where, expected);
  if (typeof answer === 'number' || 'unix' in where) return [answer, expected];
  const other = expected === 'http' ? 'https' : 'http';
  const second = await ask(where, other);
  return typeof second === 'number' ? [second, other] : [answer, expected];
}

/** Status, or what went wrong. */
async function ask(where: Address, scheme: Scheme): Promise<Answer> {
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
  return hostPort(wildcard ? any : host, port);
}
